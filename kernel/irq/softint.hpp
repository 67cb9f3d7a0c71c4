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
// With `model=thread` the LWP is made runnable instead, and mi_switch chooses it; with
// `model=classic` the queue is run on the way out, as a guest of whoever was interrupted (S2.9).
//
// A softint has one place per hart, so schedule() on the local hart needs no lock, only disabled
// interrupts. For another hart it is a bit in that hart's inbox, by its place in the table, and an
// IPI; the hart itself puts it on its queue.
//
// Rules
//   - schedule(): where the LWP cannot be moved to another hart, because otherwise "this hart"
//     means nothing: in handlers and softints, masked, preemption disabled, spin mutex held or
//     level raised, or by a bound LWP. Coalesces: pending twice runs once; scheduled while it
//     runs, it runs once more (S2.9). It runs on the hart that scheduled it.
//   - The function: at the softint's level, interrupts enabled. With an LWP of its own it may enter
//     mutexes and RW locks; anything else that sleeps panics (S2.19).
//   - Within a level first come, first served, and never two at once on a hart (S1.17).
// Invariants
//   (1) A level's LWP is idle exactly if the level is not active.
//   (2) A softint is pending on a hart exactly if its place there is linked, or its bit is in the
//       hart's inbox.
//   (3) `outstanding_` of a softint is the number of harts where it is pending or runs; both at
//       once count twice.
// Why no flag for those that are scheduled remotely, as in NetBSD (SOFTINT_RCPU)? There it reserves
// an IPI per softint; here the inbox is one word per hart for all of them.
// Read next: borrow.hpp, softint.cpp
#pragma once

#include "hart/cell.hpp"
#include "hart/ipl.hpp"
#include "lib/list.hpp"

namespace irq {

using trace::Level;

constexpr unsigned max_softints = 64; // as many as an inbox has bits

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
    /// context that may enter a spin mutex of level high. False, with a message on the console:
    /// the table of max_softints is full.
    bool establish(const char* name, Level level, Function function, void* argument);
    /// softint_disestablish(9). When it returns, the softint is pending and running nowhere. The
    /// caller promises that nobody schedules it meanwhile or later, and holds nothing that
    /// functions of its level want. Ordinary LWPs; sleeps. From a softint or handler it panics.
    void disestablish();
    /// softint_schedule(9), on this hart.
    void schedule();
    /// softint_schedule_cpu(9), on any hart. Any context.
    void schedule_on(unsigned hart);
    /// Calls the function, between its two events. Only the level's runner does this (masked).
    void run();

    [[nodiscard]] const char* name() const { return name_; }
    [[nodiscard]] trace::SoftintId id() const { return id_; }
    [[nodiscard]] Level level() const { return level_; }
    /// Waits for its LWP on this hart. A glance, unless the machine is stopped.
    [[nodiscard]] bool pending(unsigned hart) const { return places_[hart].link.linked; }

    /// Calls fn(softint) for each that is established (sched::lock held, or the machine stopped).
    static void for_each(auto&& fn) {
        for (Softint* one : table_)
            if (one != nullptr)
                fn(*one);
    }
    /// What other harts have put into this hart's inbox goes on its queues (masked).
    static void empty_inbox();

private:
    static constinit Softint* table_[max_softints];

    void set_up(const char* name, Level level, Function function, void* argument);
    bool enter_table();
    void leave_table();
    void put_on_queue();
    void take_from_inbox();
    void assert_established(const char* primitive) const;

    const char* name_ = nullptr;
    Function function_ = nullptr;
    void* argument_ = nullptr;
    trace::SoftintId id_{};
    Level level_ = 0;
    u8 slot_ = 0;                 // in table_
    hart::Cell<u32> outstanding_; // (3)
    Place places_[arch::max_harts];
};

/// Creates the softint LWPs of a hart. Takes sched::lock.
void create_softint_lwps(unsigned hart);

/// Runs the most urgent pending softint level if it is above the current LWP's level (masked).
/// True if it ran something. Called by hart::settle().
bool run_softints();

/// Times a softint level was dispatched on a hart, and times its LWP blocked, for the monitor.
struct SoftintCounts {
    u64 dispatched = 0;
    u64 blocked = 0;
};
[[nodiscard]] SoftintCounts softint_counts(unsigned hart, Level level);

} // namespace irq
