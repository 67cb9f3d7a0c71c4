// SPDX-License-Identifier: BSD-2-Clause
// Timed waits: how an LWP sleeps until it is woken, or until a deadline (cv_timedwait(9), S4.16).
//
//   callout::Timeout timeout(deadline);          arms the LWP's own callout, before sched::lock
//   {
//       hart::SpinGuard guard(sched::lock);
//       mutex.exit_locked();                     whatever belongs to falling asleep
//       why = timeout.sleep(queue, "cv_timedwait");
//   }                                            ~Timeout: stops the callout, after sched::lock
//
// Every LWP owns one callout for its timed waits, because it waits for one thing at a time. It is a
// fast one: all it does is take sched::lock, compare, and wake. So a timeout never stands behind a
// slow callout that is blocked on a lock, least of all on one that the sleeper holds.
//
// The instant of expiry (S4.19, S4.20). The LWP may be woken at the same moment as its timeout
// fires, on another hart, and the timeout may come late, when the LWP already sleeps for something
// else. Nothing has to be waited for, and there is no state like FreeBSD's old TDF_TIMOFAIL,
// because under sched::lock one comparison decides:
//
//   waker                              timeout function                the LWP's next sleep
//   takes sched::lock, wakes it, ──▶   takes sched::lock:
//   deadline = 0                       deadline is 0, or later    ◀──  has a deadline of its own,
//                                      than now: does nothing          or none
//
// Lock order (S4.18). The clock's lock comes before sched::lock, so the timeout is armed before the
// LWP takes sched::lock and stopped after it has released it. In between it may fire before the LWP
// sleeps; then it is not pending any more, and sleep() does not sleep. If it is pending still, its
// function has yet to take sched::lock, and will find the LWP asleep.
//
// Rules
//   - Ordinary LWPs. One Timeout at a time, on the stack of the LWP that waits.
//   - Deadlines are absolute, in hardclock ticks, the same on all harts (clock.hpp).
// Read next: ../sched/sleep_queue.hpp, timeout.cpp
#pragma once

#include "callout/wheel.hpp"
#include "sched/sleep_queue.hpp"

namespace callout {

class Callout;

/// The tick that is `delta` ticks from now, at least one: a deadline for a timed wait. Any context.
[[nodiscard]] Ticks deadline_in(Ticks delta);

class [[nodiscard]] Timeout {
public:
    /// Arms the current LWP's timeout, unless the deadline has passed. No spin mutex held.
    explicit Timeout(Ticks deadline);
    ~Timeout();
    Timeout(const Timeout&) = delete;
    Timeout& operator=(const Timeout&) = delete;

    /// Sleeps on `queue` until woken or until the deadline (sched::lock held). If the deadline has
    /// passed by now, returns timed_out without sleeping.
    [[nodiscard]] sched::WakeReason sleep(sched::SleepQueue& queue, const char* primitive);

private:
    Callout& callout_;
    Ticks deadline_;
};

} // namespace callout
