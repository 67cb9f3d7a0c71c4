// SPDX-License-Identifier: BSD-2-Clause
// A check: a rule that a right answer keeps, its points, and a judge that says in terms of events
// how a wrong one broke it. Every lab defines checks(), in its checks.cpp.
//
//   {"every claim of uart0 is completed", 4, every_claim_completes}
//
// Rules
//   - A judge looks at events only: never at text, names in the source, or the clock on the wall.
//   - It returns nothing if the rule was kept, else one sentence without a full stop that names
//     who, what and when: "uart0 was claimed at 12.345 ms and never completed".
//   - It must not be satisfied by silence: a run in which nothing happened keeps no rule.
// Read next: evidence.hpp, labs/01-first-interrupt/checks.cpp
#pragma once

#include "grader/evidence.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace grader {

using Fault = std::optional<std::string>;

struct Check {
    std::string title;
    unsigned points;
    std::function<Fault(const Evidence&)> judge;
};

/// Defined by the lab: labs/NN-name/checks.cpp.
std::vector<Check> checks();

} // namespace grader
