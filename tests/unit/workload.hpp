// SPDX-License-Identifier: BSD-2-Clause
// Everything at once, at random: LWPs of all bands, handlers, softints and callouts that share
// mutexes, conditions and counters. What it does depends on its seed, when it does it on the
// machine's choices.
//
// It checks itself: nobody is ever in a mutex together with somebody else, no increment is lost, no
// interrupt and no callout is forgotten.
#pragma once

#include "simulated.hpp"

namespace simulated {

/// What to boot for this seed: 1 to 4 harts, calm and wild schedules, small and large pools.
[[nodiscard]] Options workload_options(unsigned long seed);

/// The body for boot(). Panics if it finds a promise broken.
void run_workload();

} // namespace simulated
