// SPDX-License-Identifier: BSD-2-Clause
// cv_timedwait: it ends by signal or by timeout, and what comes at the same instant as its end does
// no harm to the next sleep (S4.16, S4.19, S4.20).
#include "fold.hpp"

#include "callout/pause.hpp"
#include "callout/timeout.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using sync::Woken;

constexpr Options calm{.calm = quiet};

sync::Mutex mutex;
sync::Condition timed, plain;
bool arrived = false; // protected by `mutex`
Cell<unsigned> signals, timeouts, over;

void init_all() {
    mutex.init("mutex");
    timed.init("timed");
    plain.init("plain");
}

/// Waits with a timeout, then without: the second wait must be ended by its own signal alone.
void wait_twice(void*) {
    for (int round = 0; round < 6; round++) {
        sync::MutexGuard guard(mutex);
        (timed.wait_for(mutex, 1) == Woken::by_signal ? signals : timeouts).add(1);
        ASSERT(mutex.owned());
        arrived = false;
        plain.wait(mutex);
        ASSERT(arrived); // nothing but the signal comes after this
    }
    over.set(1);
}

/// Signals at about the instant of expiry, and some time later what the second wait is for.
void signal_at_expiry(void*) {
    while (over.get() == 0) {
        callout::pause(1);
        {
            sync::MutexGuard guard(mutex);
            timed.signal();
        }
        callout::pause(3);
        sync::MutexGuard guard(mutex);
        arrived = true;
        plain.signal();
    }
}

void race_at_expiry() {
    init_all();
    sched::spawn({.name = "sleeper"}, wait_twice, nullptr);
    sched::spawn({.name = "signaller"}, signal_at_expiry, nullptr);
    while (over.get() == 0)
        callout::pause(5);
    callout::pause(6);
}

} // namespace

TEST(TimedWait, without_a_signal_it_ends_at_its_deadline_with_the_mutex_owned) {
    Outcome run = boot(calm, [] {
        init_all();
        sync::MutexGuard guard(mutex);
        u64 deadline = callout::deadline_in(4);
        ASSERT(timed.wait_until(mutex, deadline) == Woken::by_timeout);
        ASSERT(mutex.owned());
        ASSERT(callout::deadline_in(1) > deadline);
        ASSERT(timed.wait_until(mutex, deadline) == Woken::by_timeout); // passed: does not sleep
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::CalloutReset>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(TimedWait, a_signal_in_time_ends_it_and_nothing_is_left_behind) {
    Outcome run = boot(calm, [] {
        init_all();
        sched::spawn(
            {.name = "signaller"},
            [](void*) {
                callout::pause(2);
                sync::MutexGuard guard(mutex);
                timed.signal();
            },
            nullptr);
        sync::MutexGuard guard(mutex);
        ASSERT(timed.wait_for(mutex, 20) == Woken::by_signal);
        ASSERT(!timed.has_waiters());
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(TimedWait, a_signal_at_the_instant_of_expiry_is_not_lost_and_no_timeout_hits_the_next_sleep) {
    for (unsigned long seed = 1; seed <= 30; seed++) {
        Outcome run = boot({.harts = 2 + static_cast<unsigned>(seed % 2), .seed = seed, .calm = 4},
                           race_at_expiry);
        ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
        ASSERT_EQ(contradiction(run), "") << "seed " << seed;
    }
}
