// SPDX-License-Identifier: BSD-2-Clause
// Sleeping for a time (kpause(9)): a timed wait that nobody but the clock ends.
//
//   callout::pause(5);       nobody else can end it, and it needs no condition
//
// Rules
//   - Ordinary LWPs, with no spin mutex held. Mutexes may be held, and are not released.
//   - At least one tick: what is left of the present one does not count as a whole one.
// Read next: timeout.hpp
#pragma once

#include "callout/wheel.hpp"

namespace callout {

/// Creates the channel that pausing LWPs sleep on. Once, before the first LWP runs.
void init_pause();

/// Sleeps for `delta` hardclock ticks, at least one.
void pause(Ticks delta);

} // namespace callout
