// SPDX-License-Identifier: BSD-2-Clause
// The search: workers that do the items of a plan until one fails, the plan or the time is over, or
// somebody has had enough.
//
//   search ──fork──▶ worker: next item, work(), next item …   (in-process runs, snapshots)
//          ──fork──▶ worker                                    one per processor
//            ▲ tally, each worker's desk: shared memory
//            └ prints how far it is
//
// A worker that a sanitizer ends leaves its desk behind: the item, and the departures it had made.
//
// Invariants
//   (1) What is returned is the failure with the lowest item of all, so it does not depend on the
//       number of workers: nobody gives up an item below one that has failed. Nor does it depend on
//       them where the schedules are limited: allowance.hpp (1).
// Read next: plan.hpp
#pragma once

#include "explore/plan.hpp"

#include <functional>

namespace explore {

struct Limits {
    unsigned workers = 2;
    double seconds = 0;       // 0: as long as it takes
    u64 schedules = no_limit; // exhaustive search; other plans have so many items
};

struct Found {
    std::optional<Outcome> failure;
    u64 item = 0; // that failed
    u64 schedules = 0, pruned = 0, points = 0, behaviours = 0;
    double seconds = 0;
    bool complete = false;  // every item was done
    bool cancelled = false; // Ctrl-C
    u64 number = 0;         // exhaustive: of the schedule that failed, as one worker makes them
    unsigned bound = 0;     // exhaustive: departures at most, in the last of its searches
    u64 of_bound = 0;       // schedules of that one
};

/// How far it is, twice a second.
using Progress = std::function<void(const Found& so_far, u64 items_begun, u64 items)>;

/// Does the whole plan, or as much of it as the limits allow.
[[nodiscard]] Found search(Plan& plan, Runner& runner, const Limits& limits,
                           const Progress& progress);

/// Ctrl-C ends the search that runs, and those after it. Call once.
void cancel_on_interrupt();
[[nodiscard]] bool is_cancelled();

} // namespace explore
