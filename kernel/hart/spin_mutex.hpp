// SPDX-License-Identifier: BSD-2-Clause
// A spin mutex (mutex(9) with a high IPL): for the few instructions in which nobody may wait.
//
// Entering raises the level of the LWP to the mutex's, so that no handler which wants the same
// mutex can interrupt the holder on its own hart; then it spins for other harts. Mutexes of level
// `clock` and `high` disable interrupts, those below only change the level in memory (ipl.hpp).
// The holder cannot be preempted and cannot be moved to another hart.
//
//   hart::SpinGuard guard(lock);      the only way in; the end of the block is the way out
//
// The mutex carries the trace stamp of its last holder, so that events of the next holder, on
// whatever hart, come after those of this one (trace/emit.hpp).
//
// Rules
//   - Any context whose level is not above the mutex's. Never blocks. A panic names the mutex, and
//     with lockcheck=on also who entered it and where.
//   - Released in reverse order of entering (the guard sees to it).
//   - Order: callout wheel, then sched::lock, then the trace's.
//   - mi_switch() is called with sched::lock held and nothing else; the next LWP releases it.
// Invariants
//   (1) spin_depth of an LWP is the number of spin mutexes it holds.
//   (2) The word is 0, or 1 + the number of the hart that holds it.
// Why not a ticket lock? With at most eight harts and holds of a few hundred instructions, fairness
// buys less than it costs to explain; the word says who holds it, which a ticket does not.
// Read next: preempt.hpp, sched/sched.hpp
#pragma once

#include "hart/hart.hpp"
#include "hart/mutation.hpp"
#include "hart/spl.hpp"
#include "lockcheck/hook.hpp"
#include "trace/emit.hpp"

namespace hart {

/// What an LWP gets back when it leaves a spin mutex.
struct Before {
    u64 irq = 0;
    ipl::Level level = 0;
};

/// The first step into a spin mutex of this level, after which the LWP cannot leave the hart.
/// set_level() is the second.
[[nodiscard, gnu::always_inline]] inline Before stay_here(ipl::Level level) {
    arch::Current& lwp = arch::self();
    lwp.spin_depth++;
    return {level >= ipl::clock ? arch::irq_save() : 0, lwp.level};
}
/// The last step out of it.
[[gnu::always_inline]] inline void go_back(ipl::Level level, Before before) {
    set_level(before.level);
    arch::self().spin_depth--;
    if (level >= ipl::clock)
        arch::irq_restore(before.irq);
    pay_debts();
}

class SpinMutex {
public:
    using Site = lockcheck::Site;

    constexpr SpinMutex(const char* name, ipl::Level level,
                        lockcheck::Twins twins = lockcheck::Twins::barred)
        : record_(lockcheck::ready(name, lockcheck::Nature::spins, level, twins)) {}

    /// True if this hart holds it. Other than mutex_owned(9) on a spin mutex, not "anyone".
    [[nodiscard]] bool held() const { return word_.peek() == here() + 1; }
    [[nodiscard]] const char* name() const { return record_.name; }
    [[nodiscard]] ipl::Level level() const { return record_.level; }

    using Before = hart::Before;
    [[nodiscard, gnu::always_inline]] Before enter(Site site = Site::here());
    [[gnu::always_inline]] void exit(Before before, Site site = Site::here());

    /// Enters on behalf of the LWP that this hart switches to next: the current one never comes
    /// back to release it.
    void enter_for_next(Site site = Site::here());
    /// Releases on behalf of an LWP that has left this hart while holding (a handler that blocked):
    /// its spin depth and level are its own affair when it comes back.
    void exit_handed_over();

private:
    [[gnu::cold]] void check_entering(Before before, Site site);
    [[gnu::cold]] void enter_slowly(Site site);
    [[gnu::cold]] void check_exiting(Site site);

    Cell<u32> word_;
    u64 stamp_ = 0;
    lockcheck::Record record_;
};

// Inline, because every wake-up and every switch passes here: what follows is all that they execute
// when the mutex is free and nobody watches.

inline SpinMutex::Before SpinMutex::enter(Site site) {
    ipl::Level level = record_.level;
    Before before = stay_here(level); // (1)
    if (lockcheck::armed() || before.level > level) [[unlikely]]
        check_entering(before, site);
    set_level(level);
    if (!word_.take(0, here() + 1)) [[unlikely]] // (2)
        enter_slowly(site);
    trace::carry_in_here(stamp_);
    if (lockcheck::armed()) [[unlikely]]
        lockcheck::entered(record_, trace::Hold::exclusive, site);
    return before;
}

inline void SpinMutex::exit(Before before, Site site) {
    if (lockcheck::armed() || !held()) [[unlikely]]
        check_exiting(site);
    stamp_ = trace::carry_out();
    if (mutated(Mutation::weak_spin_exit))
        word_.set(0);
    else
        word_.publish(0);
    go_back(record_.level, before); // (1)
}

class [[nodiscard]] SpinGuard {
public:
    [[gnu::always_inline]] explicit SpinGuard(SpinMutex& mutex,
                                              lockcheck::Site site = lockcheck::Site::here())
        : mutex_(mutex)
        , before_(mutex.enter(site)) {}
    [[gnu::always_inline]] ~SpinGuard() { mutex_.exit(before_); }
    SpinGuard(const SpinGuard&) = delete;
    SpinGuard& operator=(const SpinGuard&) = delete;

private:
    SpinMutex& mutex_;
    SpinMutex::Before before_;
};

} // namespace hart
