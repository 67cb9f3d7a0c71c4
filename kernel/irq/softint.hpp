// SPDX-License-Identifier: BSD-2-Clause
// Soft interrupts (softint(9)): work that an interrupt leaves for a moment with fewer restrictions.
//
// Four levels, one LWP per level and hart. Scheduling appends the softint to its level's queue on
// this hart; where the hart pays its debts and its level is lower, the level's LWP borrows the
// context of whatever runs there, exactly as an interrupt LWP does (borrow.hpp), and runs the queue
// until it is empty. It may wait for a mutex; then its victim goes on, the level stays *active*,
// and new work of that level queues until it comes back as an ordinary LWP and finishes.
//
//   schedule ─▶ queue of (hart, level) ─level falls below─▶ softint LWP borrows, runs all ─▶ idle
//
// A softint has one place per hart, so schedule() on the local hart needs no lock, only disabled
// interrupts.
//
// Rules
//   - schedule(): any context, also at level high. Coalesces: pending twice runs once; scheduled
//     while it runs, it runs once more (S2.9). It runs on the hart that scheduled it.
//   - The function: at the softint's level, interrupts enabled, with a stack and an LWP of its own.
//     It may enter mutexes and RW locks; anything else that sleeps panics (S2.19).
//   - Within a level first come, first served, and never two at once on a hart (S1.17).
// Invariants
//   (1) A level's LWP is idle exactly if the level is not active.
//   (2) A softint is pending on a hart exactly if its place there is linked.
// Read next: borrow.hpp, softint.cpp
#pragma once

#include "arch/machine.hpp"
#include "hart/ipl.hpp"
#include "lib/list.hpp"

namespace irq {

using trace::Level;

class Softint {
public:
    using Function = void (*)(void* argument);

    /// One per hart, so that each hart queues it for itself.
    struct Place {
        Softint* softint = nullptr;
        lib::Link<Place> link; // (2)
    };

    constexpr Softint() = default;
    Softint(const Softint&) = delete;
    Softint& operator=(const Softint&) = delete;

    /// softint_establish(9): `level` is softclock … softserial. Before the first schedule(). Any
    /// context that may enter a spin mutex of level high.
    void establish(const char* name, Level level, Function function, void* argument);
    /// softint_disestablish(9). It must not be pending anywhere nor be scheduled again.
    void disestablish();
    /// softint_schedule(9), on this hart.
    void schedule();
    /// Calls the function, between its two events. Only the level's LWP does this (masked).
    void run();

    [[nodiscard]] const char* name() const { return name_; }
    [[nodiscard]] trace::SoftintId id() const { return id_; }
    [[nodiscard]] Level level() const { return level_; }
    /// Waits for its LWP on this hart. A glance, unless the machine is stopped.
    [[nodiscard]] bool pending(unsigned hart) const { return places_[hart].link.linked; }

    /// Calls fn(softint) for each that is established (sched::lock held, or the machine stopped).
    static void for_each(auto&& fn) {
        for (Softint* one = first_; one != nullptr; one = one->next_)
            fn(*one);
    }

private:
    static constinit Softint* first_;

    Softint* next_ = nullptr; // of all that are established
    const char* name_ = nullptr;
    Function function_ = nullptr;
    void* argument_ = nullptr;
    trace::SoftintId id_{};
    Level level_ = 0;
    Place places_[arch::max_harts];
};

/// Creates the softint LWPs of a hart. Takes sched::lock.
void create_softint_lwps(unsigned hart);

/// Runs the most urgent pending softint level if it is above the current LWP's level (masked).
/// True if it ran something. Called by hart::settle().
bool run_softints();

/// Times the softint LWP of a level on a hart was dispatched and blocked, for the monitor.
struct SoftintCounts {
    u64 dispatched = 0;
    u64 blocked = 0;
};
[[nodiscard]] SoftintCounts softint_counts(unsigned hart, Level level);

} // namespace irq
