// SPDX-License-Identifier: BSD-2-Clause
// The watchdog of a process that makes runs. A kernel that computes for ever between two choice
// points (`while (true) {}` in a handler) never comes back to the search; the step limit counts
// points and does not see it either. So the process ends itself, with a sentence on standard error
// that judge_crash() knows, when a second of its processor time has passed at one point, or when
// more events than any kernel records have come from there.
//
// Rules
//   - For processes that somebody waits for: a worker, a child of Runner::run_apart().
// Read next: runner.hpp, outcome.hpp
#pragma once

#include "lib/types.hpp"

namespace explore {

/// What the sentence begins with.
constexpr const char* endless_mark = "endless loop: ";

/// This process ends with its parent, and when it runs on without coming to a point.
void watch_this_process();
/// A run begins.
void watch_run();
/// It records an event.
void watch_event();

} // namespace explore
