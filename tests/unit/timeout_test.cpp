// SPDX-License-Identifier: BSD-2-Clause
// Timed waits at the instant of expiry (S4.16 … S4.20): no wake-up is lost, and no timeout ends a
// sleep that is not its own. The count of ticks wraps in the middle of it.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "callout/timeout.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using callout::Ticks;
using sched::WakeReason;

sched::SleepQueue queue, untimed;
sync::Mutex mutex;
unsigned turn = 0; // protected by sched::lock
hart::Cell<bool> over;
hart::Cell<unsigned> timeouts, wakeups;

/// Wakes the sleeper at about the tick that its deadline names.
void wake_at_expiry(void*) {
    u64 state = chosen_seed() * 77 + 1;
    while (!over.peek()) {
        state = state * 6364136223846793005 + 1442695040888963407;
        for (unsigned i = 0; i < (state >> 33) % 32; i++)
            arch::preemption_point();
        hart::SpinGuard guard(sched::lock);
        if (queue.wake_one(WakeReason::signalled))
            turn++;
    }
}

/// Timed sleeps, each followed at once by one that only a wake-up may end.
void sleep_again_and_again() {
    queue.init("timed");
    untimed.init("untimed");
    sched::spawn({.name = "waker"}, wake_at_expiry, nullptr);
    for (unsigned round = 0; round < 60; round++) {
        Ticks deadline = callout::deadline_in(1);
        WakeReason why;
        unsigned woken;
        {
            callout::Timeout timeout(deadline);
            hart::SpinGuard guard(sched::lock);
            unsigned before = turn;
            why = timeout.sleep(queue, "cv_timedwait");
            woken = turn - before;
        }
        ASSERT((why == WakeReason::signalled) == (woken == 1)); // none lost, none made up
        ASSERT(why != WakeReason::timed_out || !callout::later(deadline, callout::ticks() + 1));
        (why == WakeReason::timed_out ? timeouts : wakeups).add(1);
        {
            hart::SpinGuard guard(sched::lock);
            why = queue.sleep("cv_wait"); // a stray timeout would end this
        }
        ASSERT(why == WakeReason::signalled);
    }
    over.set(true);
}

constexpr Ticks wrap = 0;

Options hammer_options(unsigned long seed) {
    return {.harts = 2 + static_cast<unsigned>(seed % 3),
            .seed = seed,
            .calm = 3u << seed % 4,
            .hz = 8000,
            .first_tick = seed % 2 == 0 ? wrap - 40 : 0};
}

} // namespace

TEST(Timeout, hammered_at_the_instant_of_expiry_no_wake_up_is_lost_and_no_timeout_is_stray) {
    unsigned found = 0;
    for (unsigned long seed = 1; seed <= 24; seed++) {
        Options options = hammer_options(seed);
        Outcome run = boot(options, sleep_again_and_again);
        ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
        ASSERT_EQ(contradiction(run), "") << "seed " << seed;
        options.mutation = hart::Mutation::stale_timeout; // M11
        found += found == 0 && !boot(options, sleep_again_and_again).passed();
    }
    EXPECT_GT(found, 0u) << "a timeout that does not look whose sleep it ends was not found";
}

TEST(Timeout, a_deadline_that_has_passed_ends_the_sleep_before_it_begins) {
    Outcome run = boot({.calm = quiet}, [] {
        queue.init("timed");
        callout::pause(3);
        callout::Timeout timeout(callout::ticks());
        hart::SpinGuard guard(sched::lock);
        ASSERT(timeout.sleep(queue, "cv_timedwait") == WakeReason::timed_out);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Sleep>(), 1u); // the pause's
}

TEST(Timeout, a_pause_across_the_wrap_lasts_as_long_as_any) {
    Outcome run = boot({.calm = quiet, .first_tick = wrap - 5}, [] {
        for (unsigned i = 0; i < 12; i++) {
            Ticks before = callout::ticks();
            callout::pause(2);
            Ticks took = callout::ticks() - before;
            ASSERT(took == 2 || (took == 3 && before + 2 == wrap)); // 0 means no deadline
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Timeout, a_timeout_does_not_wait_behind_a_callout_that_is_blocked_on_what_the_sleeper_holds) {
    Outcome run = boot({.calm = quiet}, [] {
        static callout::Callout timer;
        mutex.init("mutex");
        timer.init("timer");
        static_cast<void>(timer.reset(
            1, [](void*) { sync::MutexGuard guard(mutex); }, nullptr));
        sync::MutexGuard guard(mutex);
        while (timer.pending())
            arch::relax();
        callout::pause(3); // with softclock blocked on our mutex
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Timeout, arming_the_timeout_under_the_schedulers_lock_is_reported_as_a_reversal) { // S4.18
    auto body = [] { callout::pause(3); };
    EXPECT_TRUE(boot({.calm = quiet}, body).passed());
    Outcome run = boot({.calm = quiet, .mutation = hart::Mutation::timeout_under_lock}, body);
    EXPECT_FALSE(run.passed());
    EXPECT_NE(run.console.find("callout::Clock"), std::string::npos) << ending(run);
    EXPECT_NE(run.console.find("is entered at level high"), std::string::npos) << ending(run);
}
