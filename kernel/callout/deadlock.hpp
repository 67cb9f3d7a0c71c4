// SPDX-License-Identifier: BSD-2-Clause
// Deadlocks through a callout: who waits for a function that waits for them.
//
//   scenario ──halt: waits for callout "timer"──▶ softclock/0 ──blocks on mutex "door"──▶ scenario
//
// The turnstiles find circles among locks (sync/turnstile.hpp), but a circle through a callout may
// close on either side: when somebody begins to wait for the function, or when the function, which
// somebody waits for, blocks. The first is looked for on the spot; the second at each tick, while
// the function of that hart is waited for. So a deadlock is told within a tick (S1.13).
//
// The report names everybody in the circle, what each waits for, and the callouts that have come
// due behind the one that is stuck: they are late for the same reason, and innocent.
// Read next: deadlock.cpp
#pragma once

#include "callout/executor.hpp"

namespace callout {

/// Panics if whoever runs this executor's callout waits for somebody who waits for it (sched::lock
/// held).
void panic_if_circle(const Executor& executor);

/// The same. Takes sched::lock.
void look_for_circle(const Executor& executor);

} // namespace callout
