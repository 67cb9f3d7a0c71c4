// SPDX-License-Identifier: BSD-2-Clause
// Starting the race finder (build/explore) as a person does, and reading what it says.
#pragma once

#include <filesystem>
#include <string>

namespace explored {

struct Answer {
    int status = 0;
    std::string text; // standard output and error

    [[nodiscard]] bool says(const std::string& words) const {
        return text.find(words) != std::string::npos;
    }
    /// The number before these words: "after 12 schedules" → 12. 0 if they are not there.
    [[nodiscard]] unsigned long number_before(const std::string& words) const;
};

/// build/explore ARGUMENTS, or build/PROGRAM.
[[nodiscard]] Answer explore(const std::string& arguments, const std::string& program = "explore");

/// A directory of its own for this test, empty.
[[nodiscard]] std::filesystem::path scratch(const std::string& name);

} // namespace explored
