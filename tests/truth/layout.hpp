// SPDX-License-Identifier: BSD-2-Clause
// How the kernel's structures lie in memory, as the image's own debugging information says.
#pragma once

#include "lib/types.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace truth {

class Layout {
public:
    /// Throws std::runtime_error if the image has no debugging information.
    explicit Layout(const std::filesystem::path& image);

    /// Offset of a member: offset("sched::Lwp", "victim"). Throws if there is no such member.
    [[nodiscard]] u64 offset(const std::string& type, const std::string& member) const;
    [[nodiscard]] u64 size(const std::string& type) const;

private:
    struct Type {
        u64 size = 0;
        std::map<std::string, u64> members;
    };
    std::map<std::string, Type> types_;

    friend struct Reader;
};

} // namespace truth
