// SPDX-License-Identifier: BSD-2-Clause
// Points for a run: what each check found, as text for the student and as JSON for a class's tools.
//
// Two checks are the same in every lab: the submission compiles, and the run ends by itself,
// without a panic, a hang or a flood. The lab's own follow. A submission that does not get as far
// as a check loses its points with the reason, so every grade lists every check. Read next:
// check.hpp
#pragma once

#include "grader/check.hpp"
#include "grader/run.hpp"

#include <string>
#include <vector>

namespace grader {

struct Result {
    std::string title;
    unsigned points, of;
    std::string reason; // empty if the check was passed
};

struct Grade {
    std::vector<Result> results;

    [[nodiscard]] unsigned points() const;
    [[nodiscard]] unsigned of() const;
};

[[nodiscard]] Grade judge(const session::Lab& lab, const Run& run);

[[nodiscard]] std::string as_text(const Grade& grade, const session::Lab& lab, const Run& run);
[[nodiscard]] std::string as_json(const Grade& grade, const session::Lab& lab, const Run& run,
                                  const Submission& submission);

} // namespace grader
