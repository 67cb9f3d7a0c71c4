// SPDX-License-Identifier: BSD-2-Clause
// Grades an answer as a student would, with the lab's grader, and reads the JSON that it leaves.
// Read next: lab_01_test.cpp
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace grading {

struct Grade {
    int status = -1; // of the grader
    nlohmann::json json;
    std::string text; // as a student sees it

    [[nodiscard]] std::vector<int> points() const;
    /// Why the check of this number lost its points; "" if it did not.
    [[nodiscard]] std::string reason(unsigned check) const;
};

/// `answer` is a file; everything that comes out goes to build/tests/labs/NAME.
[[nodiscard]] Grade grade(const std::string& lab, const std::string& answer,
                          const std::string& name);

} // namespace grading
