// SPDX-License-Identifier: BSD-2-Clause
// The clock of a hart: its tick count, its wheel of callouts, and the softint that runs them.
//
//   timer interrupt ──▶ hardclock: tick, quantum, turn the wheel ──▶ softclock softint
//   (on_timer)           (a few dozen instructions, hard context)     (LWP "softclock/h": runs
//   callouts)
//
// Each hart counts its own ticks from one deadline to the next without drift: deadlines are
// multiples of the tick interval, and a hart that was held up makes up for every tick that it
// missed.
//
// Rules
//   - `lock` is of level clock. It comes before sched::lock and is never held while a callout runs.
// Invariants
//   (1) `running` is the callout whose function the softclock LWP of this hart runs, from before
//       the function is called until it has returned; nobody looks into *running, it may have been
//       freed.
//   (2) `completions` has counted a function's return before anybody is woken for it.
// Why is `completions` needed? Whoever waits for the function (halt) holds `lock` when it sees the
// function run, but sched::lock when it goes to sleep, and cannot hold both across the switch. The
// count, compared under sched::lock, tells whether the return fell in between.
// Read next: clock.cpp
#pragma once

#include "callout/callout.hpp"
#include "hart/spin_mutex.hpp"
#include "irq/softint.hpp"
#include "sched/sleep_queue.hpp"

namespace callout {

struct alignas(64) Clock {
    hart::SpinMutex lock{"callout::Clock", hart::ipl::clock};
    Wheel wheel;
    const Callout* running = nullptr; // (1)
    sched::Lwp* runner = nullptr;     // the softclock LWP, while `running`
    hart::Cell<u64> completions;      // (2)
    sched::SleepQueue waiters;        // LWPs in halt
    irq::Softint softclock;
    u64 next_tick = 0; // deadline of the timer, in clock ticks of the machine
};

extern constinit Clock clocks[arch::max_harts];

/// Ticks per second: boot parameter `hz`. Set before start().
extern constinit u32 hz;

/// Starts the clock of this hart: establishes its softclock, arms its timer. Once per hart, masked.
void start();

/// hardclock ticks of this hart so far. Any context.
[[nodiscard]] Ticks ticks();

} // namespace callout
