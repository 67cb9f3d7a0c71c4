// SPDX-License-Identifier: BSD-2-Clause
// Callouts: when the function runs, and what stopping one means.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using callout::Result;
using hart::Cell;

constexpr Options calm{.calm = quiet};

callout::Callout timer;
sync::Mutex mutex;
Cell<unsigned> calls;
callout::Ticks seen;

void count_call(void*) {
    calls.add(1);
    seen = callout::ticks();
}

} // namespace

TEST(Callout, the_function_runs_at_its_tick_in_the_softclock_lwp) {
    Outcome run = boot(calm, [] {
        timer.init("timer");
        callout::Ticks now = callout::ticks();
        ASSERT(timer.reset(3, count_call, nullptr) == Result::not_pending);
        ASSERT(timer.pending());
        callout::pause(6);
        ASSERT(calls.peek() == 1);
        ASSERT(seen == now + 3);
        ASSERT(!timer.pending());
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto enters = run.places<trace::CalloutEnter>(
        [](const trace::CalloutEnter& event) { return event.callout == trace::CalloutId{1}; });
    ASSERT_EQ(enters.size(), 1u);
    EXPECT_EQ(run.events[enters[0]].lwp(), run.lwp("softclock/0"));
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, a_stopped_one_never_runs_and_a_new_appointment_replaces_the_old) {
    Outcome run = boot(calm, [] {
        timer.init("timer");
        static_cast<void>(timer.reset(2, count_call, nullptr));
        ASSERT(timer.stop() == Result::cancelled);
        ASSERT(timer.stop() == Result::not_pending);
        callout::pause(4);
        ASSERT(calls.peek() == 0);
        static_cast<void>(timer.reset(1, count_call, nullptr));
        ASSERT(timer.schedule(4) == Result::cancelled);
        callout::pause(3);
        ASSERT(calls.peek() == 0);
        callout::pause(3);
        ASSERT(calls.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, the_function_may_stop_halt_and_arm_its_own_callout_without_waiting) {
    Outcome run = boot(calm, [] {
        timer.init("timer");
        static_cast<void>(timer.reset(
            1,
            [](void*) {
                ASSERT(timer.stop() == Result::running);
                ASSERT(timer.schedule(1) == Result::running);
                ASSERT(timer.stop() == Result::running);
                ASSERT(!timer.pending());
                static_cast<void>(timer.schedule(1));
                ASSERT(timer.halt() == Result::running);
                ASSERT(!timer.pending());
                if (calls.add(1) == 0)
                    static_cast<void>(timer.schedule(1));
            },
            nullptr));
        callout::pause(6);
        ASSERT(calls.peek() == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, halt_lets_go_of_the_interlock_and_one_that_arms_itself_again_stays_stopped) {
    Outcome run = boot(calm, [] {
        timer.init("timer");
        mutex.init("mutex");
        static_cast<void>(timer.reset(
            1,
            [](void*) {
                sync::MutexGuard guard(mutex); // held by main: the function is in the middle
                calls.add(1);
                static_cast<void>(timer.schedule(1));
            },
            nullptr));
        mutex.enter();
        while (timer.pending()) // not pause(): its timeout would wait behind the function
            arch::relax();
        ASSERT(calls.peek() == 0);
        ASSERT(timer.stop() == Result::running);
        ASSERT(timer.halt(mutex) == Result::running); // lets go of the mutex meanwhile
        ASSERT(mutex.owned());
        ASSERT(calls.peek() == 1);
        ASSERT(!timer.pending());
        mutex.exit();
        callout::pause(3);
        ASSERT(calls.peek() == 1);
        timer.destroy();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, halt_of_a_running_one_sleeps_until_it_is_done) {
    // Without inheritance, or else the holder would be done before main goes on.
    Outcome run = boot({.calm = quiet, .inheritance = false}, [] {
        timer.init("timer");
        mutex.init("mutex");
        auto hold_for_a_while = [](void*) {
            sync::MutexGuard guard(mutex);
            sched::yield(); // to main
        };
        auto function = [](void*) {
            sync::MutexGuard guard(mutex);
            calls.add(1);
        };
        sched::spawn({.name = "holder"}, hold_for_a_while, nullptr);
        sched::yield(); // to the holder
        static_cast<void>(timer.reset(1, function, nullptr));
        while (timer.pending())
            arch::relax();
        ASSERT(timer.halt() == Result::running);
        ASSERT(calls.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::CalloutWait>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, one_that_is_idle_moves_to_the_hart_that_arms_it) {
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        timer.init("timer");
        for (unsigned number = 0; number < 2; number++) {
            sched::spawn(
                {.name = "armer", .home = hart::hart_id(number)},
                [](void*) {
                    static_cast<void>(timer.reset(
                        1,
                        [](void* wanted) {
                            ASSERT(hart::here() == reinterpret_cast<u64>(wanted));
                            calls.add(1);
                        },
                        reinterpret_cast<void*>(u64{hart::here()})));
                },
                nullptr);
            callout::pause(5);
            ASSERT(calls.peek() == number + 1);
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Callout, destroying_a_pending_one_panics_and_names_it) {
    Outcome run = boot(calm, [] {
        timer.init("timer");
        static_cast<void>(timer.reset(5, count_call, nullptr));
        timer.destroy();
    });
    EXPECT_TRUE(run.panicked("callout_destroy of timer, which is pending")) << ending(run);
}

TEST(Callout, halt_in_another_callouts_function_panics_even_if_nothing_runs) {
    static callout::Callout other;
    Outcome run = boot(calm, [] {
        timer.init("timer");
        other.init("other");
        static_cast<void>(timer.reset(
            1, [](void*) { static_cast<void>(other.halt()); }, nullptr));
        callout::pause(3);
    });
    EXPECT_TRUE(run.panicked("callout_halt in timer")) << ending(run);
}

TEST(Pause, an_lwp_sleeps_for_as_many_ticks_as_it_asked) {
    Outcome run = boot(calm, [] {
        callout::Ticks before = callout::ticks();
        callout::pause(7);
        ASSERT(callout::ticks() == before + 7);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}
