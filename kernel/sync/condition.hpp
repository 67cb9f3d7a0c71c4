// SPDX-License-Identifier: BSD-2-Clause
// A condition variable (condvar(9)): wait until somebody says that a condition may have changed.
//
//   sync::MutexGuard guard(mutex);
//   while (!condition)
//       variable.wait(mutex);
//
// wait() releases the mutex and sleeps as one step under sched::lock, so a signal that comes after
// the release finds the sleeper on the queue.
//
// A timed wait sleeps on the LWP's own callout, with an absolute deadline; a timeout that comes too
// late for its sleep finds another deadline, or none, and does nothing (S4.16, S4.19, S4.20).
//
// Rules
//   - wait…(): ordinary LWPs, with the mutex owned and no spin mutex held. From an interrupt or
//     softint LWP it panics, naming primitive and handler (S2.20).
//   - signal() and broadcast(): any context in which sched::lock may be taken, handlers included.
//     Signal wakes exactly one.
// Invariants
//   (1) On return the mutex is owned again.
// Read next: condition.cpp, sched/sleep_queue.hpp, callout/timeout.hpp
#pragma once

#include "sched/sleep_queue.hpp"
#include "sync/mutex.hpp"

namespace sync {

/// How a timed wait ended. A signal that comes at the instant of expiry is one or the other, never
/// both, and never lost.
enum class Woken : u8 { by_signal, by_timeout };

class Condition {
public:
    constexpr Condition() = default;

    /// cv_init(9). Once, before first use.
    void init(const char* name) { queue_.init(name); }
    /// cv_destroy(9). Nobody waits.
    void destroy() { queue_.retire("cv_destroy"); }
    /// cv_wait(9).
    void wait(Mutex& mutex);
    /// cv_timedwait(9), until an absolute time in hardclock ticks (callout/timeout.hpp): the same
    /// deadline serves every turn of the loop.
    [[nodiscard]] Woken wait_until(Mutex& mutex, u64 deadline);
    /// The same for `ticks` from now, at least one.
    [[nodiscard]] Woken wait_for(Mutex& mutex, u64 ticks);
    /// cv_signal(9): wakes the most urgent waiter, if there is one.
    void signal();
    /// cv_broadcast(9): wakes all.
    void broadcast();
    /// cv_has_waiters(9). A glance: it may have changed when the caller looks at the answer.
    [[nodiscard]] bool has_waiters() const { return !queue_.empty(); }
    [[nodiscard]] const char* name() const { return queue_.name(); }

private:
    void assert_may_wait(const char* primitive, const Mutex& mutex) const;

    sched::SleepQueue queue_;
};

} // namespace sync
