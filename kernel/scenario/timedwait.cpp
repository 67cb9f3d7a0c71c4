// SPDX-License-Identifier: BSD-2-Clause
// cv_timedwait against cv_signal at the instant of expiry (S4.16 … S4.20).
//
//   sleeper   wait_until(deadline): ended by a signal or by its timeout, then at once a wait
//             without a deadline, which only a signal may end
//   waker     computes until the tick of the deadline, give or take some instructions, and signals
//
// Whatever comes first, each signal that found a sleeper is told as a signal, and no timeout ends a
// wait that has none. There is no state like FreeBSD's TDF_TIMOFAIL to make it so: deadlines are
// compared under sched::lock (callout/timeout.hpp).
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "callout/timeout.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

namespace scenario {

namespace {

using sync::Woken;

// In each the waker computes for a tick, which takes QEMU its time.
constexpr u32 rounds = times(20, 4);

constinit sync::Mutex mutex;
constinit sync::Condition timed, plain;
// Protected by `mutex`:
constinit u64 deadline = 0;  // of the sleep that is going on
constinit u32 round_now = 0; // its number
constinit bool released = false;
constinit hart::Cell<u32> over, signals, timeouts, stray, early;

/// Computes until just before or just after the deadline, then signals.
void signal_at_expiry(Random& random, u64 when) {
    if (callout::later(when - 1, callout::ticks()))
        callout::pause(when - 1 - callout::ticks());
    while (over.peek() == 0 && callout::later(when, callout::ticks()))
        arch::relax();
    for (u64 step = random.below(400); step > 0; step--)
        asm volatile("");
    sync::MutexGuard guard(mutex);
    timed.signal();
}

void wake(void*) {
    Random random(5);
    for (u32 round = 1; round <= rounds; round++) {
        u64 when;
        {
            sync::MutexGuard guard(mutex);
            while (round_now != round)
                plain.wait(mutex);
            when = deadline - random.below(2); // every other time in time
        }
        signal_at_expiry(random, when);
        callout::pause(2); // a timeout that is late has come by now
        sync::MutexGuard guard(mutex);
        released = true;
        plain.broadcast();
    }
}

void sleep_once(u32 round) {
    sync::MutexGuard guard(mutex);
    released = false;
    deadline = callout::deadline_in(2);
    round_now = round;
    plain.broadcast();
    Woken why = timed.wait_until(mutex, deadline);
    (why == Woken::by_signal ? signals : timeouts).add(1);
    if (why == Woken::by_timeout && callout::later(deadline, callout::ticks() + 1))
        early.add(1);
    // The loop is the usual one; but nobody signals before `released` is true, so that every
    // further turn is a wake-up out of nowhere.
    while (!released) {
        plain.wait(mutex);
        if (!released)
            stray.add(1);
    }
}

} // namespace

void timedwait() {
    mutex.init("timed wait");
    timed.init("timed");
    plain.init("untimed");
    phase("a signal and a timeout meet at the same tick");
    sched::spawn({.name = "waker", .priority = sched::kernel_priority + 1}, wake, nullptr);
    for (u32 round = 1; round <= rounds; round++)
        sleep_once(round);
    over.set(1);
    check("every wait ended once", signals.peek() + timeouts.peek() == rounds, rounds);
    expect("some by their timeout", timeouts.peek() > 0, timeouts.peek());
    expect("some by a signal", signals.peek() > 0, signals.peek());
    check("no timeout before its tick", early.peek() == 0, early.peek());
    check("no timeout ended a later wait", stray.peek() == 0, stray.peek());

    phase("a deadline that has passed does not sleep; one far away does");
    sync::MutexGuard guard(mutex);
    check("passed: at once", timed.wait_until(mutex, callout::ticks()) == Woken::by_timeout);
    callout::Ticks before = callout::ticks();
    check("three ticks", timed.wait_for(mutex, 3) == Woken::by_timeout);
    callout::Ticks waited = callout::ticks() - before;
    check("not less, as far as harts agree", waited + 1 >= 3, waited);
    expect("neither more nor less", waited == 3, waited);
}

} // namespace scenario
