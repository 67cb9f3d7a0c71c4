// SPDX-License-Identifier: BSD-2-Clause
// A counting semaphore (sema(9)): units that are taken and given, by whomever.
//
// It has no owner, so nobody can be lent priority, and nobody can be caught giving what was never
// taken. Where the one who gives is the one who has taken, a mutex is better; a semaphore is for
// counting what arrives.
//
// post() with somebody waiting gives the unit to the most urgent waiter and leaves the value 0, so
// nobody who comes in between can snatch it.
//
// Rules
//   - wait(), wait_until(): ordinary LWPs, no spin mutex held. From a handler they panic, naming
//     primitive and handler, even when there are units (S2.20).
//   - post(), try_wait(): any context in which sched::lock may be taken, handlers included.
// Invariants
//   (1) While somebody waits, the value is 0.
// Why does the lock checker not know it? It would have to say who holds a unit, and nobody does.
// An edge "semaphore before lock" for each lock that some post() was called with would accuse those
// who wait with that lock held, although others post without it. What can be said without an owner
// is said always, with or without lockcheck: who waits from where nobody may (assert_sleepable),
// and who uses one that is not ready.
// Read next: semaphore.cpp, sched/sleep_queue.hpp
#pragma once

#include "sched/sleep_queue.hpp"

namespace sync {

class Semaphore {
public:
    constexpr Semaphore() = default;

    /// sema_init(9). Once, before first use.
    void init(const char* name, u32 value);
    /// sema_destroy(9). Nobody waits.
    void destroy() { queue_.retire("sema_destroy"); }

    /// sema_wait(9). Takes a unit; sleeps until there is one.
    void wait();
    /// sema_timedwait(9), until an absolute time in hardclock ticks (callout/timeout.hpp). True:
    /// taken.
    [[nodiscard]] bool wait_until(u64 deadline);
    /// sema_trywait(9). True: taken.
    [[nodiscard]] bool try_wait();
    /// sema_post(9). Gives a unit, to the most urgent waiter if there is one.
    void post();
    /// sema_value(9). A glance.
    [[nodiscard]] u32 value() const { return value_; }

private:
    void set(u32 value);

    sched::SleepQueue queue_;
    u32 value_ = 0; // protected by sched::lock
};

} // namespace sync
