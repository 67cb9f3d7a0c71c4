// SPDX-License-Identifier: BSD-2-Clause
// Shrinking: which of the departures of a failing run does the failure need?
//
// Delta debugging (Zeller and Hildebrandt, 2002): leave out halves, quarters, … of the departures,
// keep what still fails in the same way, until no single one can be left out. What a point is
// called counts only the points of its own hart (schedule.hpp), so most departures mean the same
// after others are gone.
#pragma once

#include "explore/runner.hpp"

namespace explore {

struct Shrunk {
    Outcome outcome; // of the shortest run that fails, with its departures
    u64 runs = 0;    // that it took
};

/// `failure` has failed under `Runner`. Every run is made apart. Stops early when `runs` are used
/// up.
[[nodiscard]] Shrunk shrink(Runner& runner, const Outcome& failure, u64 most_runs = 3000);

} // namespace explore
