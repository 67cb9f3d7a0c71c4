// SPDX-License-Identifier: BSD-2-Clause
// Three policies (callout=halt, wait, spin), who may wait where, and the deadlocks that waiting
// makes possible: found, and told with everybody in them.
#include "callout_scene.hpp"

using namespace simulated;
using namespace simulated::callouts;

TEST(CalloutPolicy, with_halt_a_stop_does_not_wait_and_says_running) {
    Outcome run = boot(policy(Policy::halt), [] {
        let_run(take_long);
        ASSERT(timer.stop() == Result::running);
        ASSERT(inside.peek());
        ASSERT(timer.schedule(50) == Result::running);
        ASSERT(inside.peek());
        ASSERT(timer.halt() == Result::running);
        ASSERT(!inside.peek() && calls.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(CalloutPolicy, with_wait_stop_and_reset_sleep_until_the_function_has_returned) {
    for (auto* body : {+[] {
                           let_run(take_long);
                           ASSERT(timer.stop() == Result::running);
                           ASSERT(!inside.peek() && calls.peek() == 1); // S1.8
                           ASSERT(timer.stop() == Result::not_pending);
                       },
                       +[] {
                           let_run(take_long);
                           ASSERT(timer.schedule(3) == Result::not_pending);
                           ASSERT(!inside.peek() && calls.peek() == 1);
                           ASSERT(timer.halt() == Result::cancelled);
                       },
                       +[] {
                           let_run(take_long);
                           ASSERT(timer.try_stop() == Result::running); // S1.11
                           ASSERT(inside.peek());
                       }}) {
        Outcome run = boot(policy(Policy::wait), body);
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(contradiction(run), "");
        EXPECT_EQ(run.count<trace::CalloutSpin>(), 0u);
    }
}

TEST(CalloutPolicy, with_spin_stop_burns_time_and_the_time_is_counted) {
    Outcome run = boot(policy(Policy::spin), [] {
        unsigned target = other_hart();
        let_run(take_long);
        ASSERT(timer.stop() == Result::running);
        ASSERT(!inside.peek() && calls.peek() == 1);
        ASSERT(callout::clocks[target].slow.burnt.peek() > 0); // S1.9
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
    EXPECT_EQ(run.count<trace::CalloutSpin>(), 1u);
    EXPECT_EQ(run.count<trace::CalloutWait>(), 0u);
}

TEST(CalloutPolicy, from_inside_the_function_nothing_waits_under_any_policy) { // S1.15 … S1.18
    for (Policy which : {Policy::halt, Policy::wait, Policy::spin})
        for (auto* body : {+[] { timer.init("timer", Speed::slow); },
                           +[] { timer.init("timer", Speed::fast); }}) {
            static void (*begin)();
            begin = body;
            Outcome run = boot(policy(which), [] {
                begin();
                static_cast<void>(timer.reset(
                    1,
                    [](void*) {
                        ASSERT(timer.invoking() && timer.expired() && timer.active());
                        timer.ack();
                        ASSERT(!timer.invoking() && timer.expired());
                        ASSERT(timer.stop() == Result::running);
                        ASSERT(!timer.active());
                        ASSERT(timer.try_stop() == Result::running);
                        ASSERT(timer.halt() == Result::running);
                        ASSERT(timer.schedule(2) == Result::running);
                        ASSERT(timer.pending() && !timer.expired());
                        if (calls.add(1) == 1)
                            ASSERT(timer.drain() == Result::running);
                    },
                    nullptr));
                callout::pause(12);
                ASSERT(calls.peek() == 2); // the second run drained itself
                timer.destroy();
            });
            ASSERT_TRUE(run.passed()) << ending(run);
            EXPECT_EQ(contradiction(run), "");
        }
}

TEST(CalloutPolicy, resetit_is_harmless_with_halt_and_a_deadlock_that_is_told_with_wait_and_spin) {
    Outcome run = boot(policy(Policy::halt), resetit);
    EXPECT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");

    deadlocks(policy(Policy::wait), resetit, "deadlock: ");
    deadlocks(policy(Policy::wait, 1), resetit, "deadlock: ");
    deadlocks(policy(Policy::spin), resetit, "deadlock: ");
    run = boot(policy(Policy::spin, 1), resetit); // on its own hart it does not wait
    EXPECT_TRUE(run.passed()) << ending(run);
}

TEST(CalloutPolicy, a_deadlock_names_all_and_who_waits_behind) {
    auto body = [] {
        mutex.init("door");
        timer.init("timer");
        other.init("late");
        mutex.enter();
        static_cast<void>(timer.reset(1, wants_mutex, nullptr));
        static_cast<void>(other.reset(1, wants_mutex, nullptr));
        while (!inside.peek())
            arch::relax();
        static_cast<void>(timer.halt()); // M6: with what the function wants, and no interlock
    };
    deadlocks({.calm = quiet, .lockcheck = false}, body,
              "softclock/0 waits for door, which main holds; main waits for callout timer, which "
              "softclock/0 runs; behind it wait late");
}

TEST(CalloutPolicy, a_circle_that_the_function_closes_is_told_within_a_tick) {
    auto body = [] {
        mutex.init("door");
        timer.init("timer");
        mutex.enter();
        static_cast<void>(timer.reset_on(
            other_hart(), 1,
            [](void*) {
                inside.set(true);
                while (sched::lwp(static_cast<unsigned>(mutex.owner()->id())).state.peek()
                       != sched::LwpState::sleeping)
                    arch::relax(); // until main waits for us
                mutex.enter();
            },
            nullptr));
        while (!inside.peek())
            arch::relax();
        static_cast<void>(timer.halt());
    };
    deadlocks({.harts = 2, .calm = quiet, .lockcheck = false}, body, "deadlock: softclock/");
}

TEST(CalloutPolicy, an_associated_lock_needs_no_waiting_under_any_policy) { // S1.13 (c)
    for (Policy which : {Policy::halt, Policy::wait, Policy::spin}) {
        Outcome run = boot(policy(which), [] {
            mutex.init("mutex");
            timer.init("timer", Speed::slow, mutex);
            for (unsigned round = 0; round < 5; round++) {
                sync::MutexGuard guard(mutex);
                static_cast<void>(timer.reset_on(
                    other_hart(), 1, [](void*) { calls.add(1); }, nullptr));
                while (timer.pending())
                    arch::relax(); // now it waits for the mutex
                ASSERT(timer.schedule(9) == Result::cancelled);
                ASSERT(timer.stop() == Result::cancelled);
                ASSERT(timer.stop() == Result::not_pending);
                mutex.exit();
                static_cast<void>(timer.drain()); // until it has had the mutex, and left
                mutex.enter();
            }
            callout::pause(12);
            ASSERT(calls.peek() == 0);
        });
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(contradiction(run), "");
    }
}

TEST(CalloutPolicy, halt_and_drain_are_refused_where_nobody_may_wait_even_if_nothing_runs) {
    dies(
        [] {
            timer.init("timer");
            other.init("other", Speed::fast);
            static_cast<void>(other.reset(
                1, [](void*) { static_cast<void>(timer.halt()); }, nullptr));
            callout::pause(3);
        },
        "callout_halt of timer in other, a fast callout");
    dies(
        [] { // M7
            static hart::SpinMutex spin{"spin", hart::ipl::net};
            timer.init("timer");
            hart::SpinGuard guard(spin);
            static_cast<void>(timer.drain());
        },
        "callout_drain of timer by main with a spin mutex held");
    dies(
        [] { // S4.13
            mutex.init("mutex");
            timer.init("timer", Speed::slow, mutex);
            sync::MutexGuard guard(mutex);
            static_cast<void>(timer.drain());
        },
        "callout_drain of timer by main, who holds mutex, the lock that its function is entered");
    dies(
        [] {
            mutex.init("mutex");
            timer.init("timer");
            static_cast<void>(timer.halt(mutex));
        },
        "callout_halt of timer by main, who does not hold mutex");
    dies(
        [] {
            timer.init("timer");
            hart::PreemptGuard guard;
            static_cast<void>(timer.halt());
        },
        "callout_halt by main with preemption disabled");
}

TEST(CalloutPolicy, with_wait_a_stop_needs_an_lwp) { // S1.6
    dies(
        [] {
            timer.init("timer");
            other.init("other", Speed::fast);
            static_cast<void>(other.reset(
                1, [](void*) { static_cast<void>(timer.stop()); }, nullptr));
            callout::pause(3);
        },
        "callout_stop of timer in other, a fast callout", {.calm = quiet, .policy = Policy::wait});
}
