// SPDX-License-Identifier: BSD-2-Clause
// Shrinking: which of the departures of a failing run does the failure need?
//
//   (1) leave out     Delta debugging (Zeller and Hildebrandt, 2002): leave out halves, quarters, …
//                     of the departures, keep what still fails in the same way, until no single one
//                     can be left out. What a point is called counts only the points of its own
//                     hart (schedule.hpp), so most departures mean the same after others are gone.
//                     First of all, those of a whole hart.
//   (2) make plainer  another hart moves, rather than a tick, a line or a store that comes late
//   (3) make shorter  where more than one is left, look for a run that fails in the same way with
//                     fewer, which leaving out may never reach (a tick that is left out moves all
//                     the others): every run with one departure (exhaustive.hpp); then runs with
//                     half as many as there are, at random places, and again while that helps; and
//                     if it still is long, as many runs with two as may be. At last, (2) and (1).
//
// Invariants
//   (1) What is returned fails in the same way, and has been run.
//   (2) If `minimal`, no single departure can be left out.
#pragma once

#include "explore/runner.hpp"

namespace explore {

struct Shrunk {
    Outcome outcome;      // of the shortest run that fails, with its departures
    u64 runs = 0;         // that it took
    u64 searched = 0;     // schedules that were searched for a shorter one
    bool minimal = false; // (2); false: the runs were used up before
};

/// `failure` has failed under `Runner`. Every run is made apart. Stops early when `runs` are used
/// up.
[[nodiscard]] Shrunk shrink(Runner& runner, const Outcome& failure, u64 most_runs = 3000);

} // namespace explore
