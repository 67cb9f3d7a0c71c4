// SPDX-License-Identifier: BSD-2-Clause
// The simulated machine as a test or the race finder sees it: switch it on, make choices, look at
// what came out.
//
//   a shared word is touched ──▶ step(): Choices::pick(point) says what happens here (choices.hpp)
//        └▶ if this hart has interrupts enabled and one pending: through the door (upcalls.hpp)
//
// Harts move one at a time, and only at choice points, so between two of them a hart is alone.
// Interrupts disabled keep interrupts out, not other harts. A hart in wait() sleeps until it has an
// interrupt pending.
//
// Time. With steps_per_tick each step of any hart takes time. With 0, work takes none: the clock
// jumps to the nearest deadline when all harts wait, when a choice says so, and when `patience`
// steps have passed without either, so that a hart which never waits still gets its ticks and hands
// the turn to the next. relax() counts as many steps.
//
// The ends: the kernel halts; `step_limit` steps were not enough (a livelock); or nobody can ever
// move again (a deadlock): all wait and there is no deadline, or `idle_limit` deadlines came and
// went and no LWP ran for it.
//
// Rules
//   - A process runs one machine. Its memory is reset by whoever wants a second run: tests fork
//     (tests/unit), the race finder restores a snapshot (visualizer/explore/snapshot.hpp).
// Read next: choices.hpp, moves.cpp
#pragma once

#include "choices.hpp"

namespace arch::host {

constexpr unsigned max_lines = 64;

struct Machine {
    unsigned harts = 1;
    u64 step_limit = 4'000'000; // then it counts as a livelock
    /// Of the clock; what harts do within one, only stamps keep in order. 0: work takes no time.
    unsigned steps_per_tick = 1;
    unsigned patience = 0;       // steps after which time passes and the next hart moves; 0: never
    unsigned idle_limit = 0;     // deadlines at which nothing happened, then a deadlock; 0: none
    bool ticks_strike = false;   // offered as a choice: the clock jumps to the nearest deadline
    bool late_signals = false;   // a choice: a device's signal takes its time
    bool delayed_stores = false; // a choice: a store stays in its hart's buffer (store_buffer.hpp)
    bool stops_at_workload = false; // power_on() returns when the workload begins
    const char* arguments = "";
    Choices* choices = nullptr;
    void (*on_record)() = nullptr; // trace_gate
    void (*write_console)(const char* bytes, usize size) = nullptr;
};

constexpr u32 status_deadlock = 70;
constexpr u32 status_livelock = 71;
constexpr u32 status_workload = 72; // stopped where the workload begins

/// Boots the kernel (upcall on_boot) on this machine and returns the status it halts with, or
/// status_workload.
u32 power_on(const Machine& machine);
/// Goes on from where the workload begins, to the end, with these choices.
u32 go_on(Choices& choices);
void set_step_limit(u64 steps);
/// Steps of all harts so far.
[[nodiscard]] u64 steps_made();

/// A device asserts its line: pending at the PLIC until it is claimed.
void raise_line(u32 line);
/// The choices may let this line fire up to `times` times, wherever they like.
void announce_line(u32 line, unsigned times);

/// The hart that moves now.
[[nodiscard]] unsigned running_hart();

} // namespace arch::host
