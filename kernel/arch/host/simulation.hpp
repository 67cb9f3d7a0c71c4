// SPDX-License-Identifier: BSD-2-Clause
// The simulated machine as a test sees it: switch it on, make choices, look at what came out.
//
//   preemption_point ──▶ step(): the clock moves; Choices::pick(n) says what happens here
//        │                 0           go on
//        │                 1 … k       another hart moves (one that does not wait for an interrupt)
//        │                 k+1 … n-1   one of the announced lines fires now
//        └▶ if this hart has interrupts enabled and one pending: through the door (upcalls.hpp)
//
// Harts move one at a time, and only at preemption points, so between two of them a hart is alone.
// Interrupts disabled keep interrupts out, not other harts. A hart in wait() sleeps until it has an
// interrupt pending; when all do, the clock jumps to the nearest deadline; when there is none
// either, nobody can ever move again: a deadlock, reported as such.
//
// Rules
//   - A process runs one machine, once: the kernel's memory is not reset. Tests fork (tests/unit).
// Invariants
//   (1) The same choices give the same run.
// Read next: harts.cpp
#pragma once

#include "arch/machine.hpp"

namespace arch::host {

/// Decides what happens. The seam at which strategies (random, exhaustive, replay) plug in.
class Choices {
public:
    /// A number below `count`, which is at least 1. 0 lets the hart go on.
    virtual unsigned pick(unsigned count) = 0;

protected:
    ~Choices() = default;
};

/// Goes on most of the time, and does something else at random. The same seed, the same run.
class RandomChoices final : public Choices {
public:
    /// Something happens about once in `calm` preemption points.
    explicit RandomChoices(u64 seed, unsigned calm = 8)
        : state_(seed * 2 + 1)
        , calm_(calm) {}
    unsigned pick(unsigned count) override;

private:
    u64 next();
    u64 state_;
    unsigned calm_;
};

constexpr unsigned max_lines = 64;

struct Machine {
    unsigned harts = 1;
    u64 step_limit = 4'000'000; // then it counts as a livelock
    unsigned steps_per_tick =
        1; // of the clock: what harts do within one, only stamps keep in order
    const char* arguments = "";
    Choices* choices = nullptr;
    void (*on_record)() = nullptr; // trace_gate
    void (*write_console)(const char* bytes, usize size) = nullptr;
};

constexpr u32 status_deadlock = 70;
constexpr u32 status_livelock = 71;

/// Boots the kernel (upcall on_boot) on this machine and returns the status it halts with.
u32 power_on(const Machine& machine);

/// A device asserts its line: pending at the PLIC until it is claimed.
void raise_line(u32 line);
/// The choices may let this line fire up to `times` times, wherever they like.
void announce_line(u32 line, unsigned times);

// ---- between the parts of the simulation --------------------------------------------------------

/// True if the PLIC has something for this hart.
[[nodiscard]] bool plic_pending(unsigned hart);
[[nodiscard]] unsigned running_hart();

} // namespace arch::host
