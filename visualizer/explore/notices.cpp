// SPDX-License-Identifier: BSD-2-Clause
#include "explore/notices.hpp"

#include <algorithm>
#include <string>
#include <unistd.h>

namespace explore {

void Notices::tell(std::string_view what, std::string_view how) const {
    if (descriptor_ < 0)
        return;
    std::string line = std::string(what) + ' ' + std::string(how);
    std::replace(line.begin(), line.end(), '\n', ' ');
    line += '\n';
    for (size_t sent = 0; sent < line.size();) {
        ssize_t count = write(descriptor_, line.data() + sent, line.size() - sent);
        if (count <= 0)
            return; // who listened is gone
        sent += static_cast<size_t>(count);
    }
}

} // namespace explore
