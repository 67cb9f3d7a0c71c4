// SPDX-License-Identifier: BSD-2-Clause
// The clock of a hart: its count of ticks, and the two executors that it drives.
//
//   timer interrupt ──▶ hardclock: turns both wheels, ──┬─▶ fast callouts, here and now
//   (on_timer)           quantum                        └─▶ softclock softint ─▶ slow callouts
//
// All harts count the same ticks: tick n is n intervals after the machine's time began. Each hart
// has its own place within the interval, so that not all want sched::lock at the same instant, and
// one that was held up makes up for every tick that it missed. So a deadline means the same on
// every hart, and a callout that moves keeps its appointment.
//
// Rules
//   - `lock` is of level clock. It comes after the locks that functions are entered with, and
//     before sched::lock (S4.18: a timed wait arms its timeout before it takes sched::lock). It is
//     never held while a function runs.
//   - The locks of two clocks: that of the lower hart first.
// Read next: executor.hpp, clock.cpp
#pragma once

#include "callout/executor.hpp"
#include "irq/softint.hpp"

#include <array>

namespace callout {

struct alignas(64) Clock {
    constexpr Clock(Wheel& slow_wheel, Wheel& fast_wheel)
        : slow(Speed::slow, slow_wheel)
        , fast(Speed::fast, fast_wheel) {}

    hart::SpinMutex lock{"callout::Clock", hart::ipl::clock, lockcheck::Twins::by_address};
    Executor slow;
    Executor fast;
    irq::Softint softclock;
    u64 next_tick = 0; // deadline of the timer, in clock ticks of the machine

    [[nodiscard]] Executor& executor(Speed speed) { return speed == Speed::fast ? fast : slow; }
    [[nodiscard]] Ticks now() const { return slow.wheel.now(); }
};

extern constinit std::array<Clock, arch::max_harts> clocks;

/// Ticks per second: boot parameter `hz`. Set before start().
extern constinit u32 hz;

/// What the count of ticks begins with, for tests that want to see it wrap. Set before start().
extern constinit Ticks first_tick;

/// Starts the clock of this hart: establishes its softclock, arms its timer. Once per hart, masked.
void start();

/// hardclock ticks so far, on every hart the same but for those at this instant. Any context.
[[nodiscard]] Ticks ticks();

/// Calls fn(clock, executor) for both executors of each hart.
void for_each_executor(auto&& fn) {
    for (unsigned number = 0; number < hart::hart_count; number++) {
        fn(clocks[number], clocks[number].slow);
        fn(clocks[number], clocks[number].fast);
    }
}

} // namespace callout
