// SPDX-License-Identifier: BSD-2-Clause
// A check: a rule that a right answer keeps, its points, and a judge that says in terms of events
// how a wrong one broke it. Every lab defines checks(), in its checks.cpp.
//
//   {"every byte arrives", 4, every_byte_arrives, Holds::in_every_order}
//
// Rules
//   - A judge looks at events only: never at text, names in the source, or the clock on the wall.
//   - It returns nothing if the rule was kept, else one sentence without a full stop that names
//     who, what and when: "uart0 was claimed at 12.345 ms and never completed".
//   - It must not be satisfied by silence: a run in which nothing happened keeps no rule.
//   - Most rules are about the one order in which the workload is arranged to happen. Those that a
//     right answer keeps in whatever order, say so: the race finder judges them after each of its
//     runs (visualizer/explore/rules.hpp), with signals that are late and ticks that are early.
// Read next: evidence.hpp, labs/01-first-interrupt/checks.cpp
#pragma once

#include "grader/evidence.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace grader {

using Fault = std::optional<std::string>;

enum class Holds { as_arranged, in_every_order };

struct Check {
    std::string title;
    unsigned points;
    std::function<Fault(const Evidence&)> judge;
    Holds holds = Holds::as_arranged;
};

/// Defined by the lab: labs/NN-name/checks.cpp.
std::vector<Check> checks();

} // namespace grader
