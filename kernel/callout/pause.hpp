// SPDX-License-Identifier: BSD-2-Clause
// Sleeping for a time (kpause(9)): a timed wait that nobody but the clock ends.
//
//   LWP: deadline = now + ticks ─▶ arm its own callout ─▶ sleep ·········▶ halt the callout ─▶
//   return softclock:                                  deadline reached ─▶ wake_if_due ─┘
//
// Every LWP owns one callout for its timed waits, because it waits for one thing at a time. It
// halts it when it is awake again, so that no timeout is left behind when the next wait begins; and
// wake_if_due compares deadlines, so that even one that was left behind could not end a later sleep
// (S4.19, S4.20).
//
// Rules
//   - Ordinary LWPs, with no spin mutex held. Mutexes may be held, and are not released.
//   - At least one tick: what is left of the present one does not count as a whole one.
// Read next: ../sched/sleep_queue.hpp
#pragma once

#include "callout/wheel.hpp"

namespace callout {

/// Creates the channel that pausing LWPs sleep on. Once, before the first LWP runs.
void init_pause();

/// Sleeps for `delta` hardclock ticks, at least one.
void pause(Ticks delta);

} // namespace callout
