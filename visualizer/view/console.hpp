// SPDX-License-Identifier: BSD-2-Clause
// The kernel's console: what it wrote to its UART, and a line to type into it.
#pragma once

#include "view/context.hpp"

#include <string>
#include <vector>

namespace view {

class Console {
public:
    void draw(Context& context);

private:
    void find_lines(const std::string& text);

    std::string input_;
    std::vector<usize> line_starts_{0};
    usize seen_ = 0;
    bool refocus_ = false;
};

} // namespace view
