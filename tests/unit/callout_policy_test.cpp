// SPDX-License-Identifier: BSD-2-Clause
// Three policies (callout=halt, wait, spin), who may wait where, and the deadlocks that waiting
// makes possible: found, and told with everybody in them.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using callout::Policy;
using callout::Result;
using callout::Speed;

callout::Callout timer, other;
sync::Mutex mutex;
hart::Cell<unsigned> calls;
hart::Cell<bool> inside, done;

void take_long(void*) {
    inside.set(true);
    for (unsigned i = 0; i < 50; i++)
        arch::relax();
    inside.set(false);
    calls.add(1);
}

void wants_mutex(void*) {
    inside.set(true);
    sync::MutexGuard guard(mutex);
    calls.add(1);
    inside.set(false);
}

unsigned other_hart() {
    return (hart::here() + 1) % hart::hart_count;
}

/// The function runs on another hart (if there is one), and has just begun.
void let_run(callout::Function function) {
    timer.init("timer");
    static_cast<void>(timer.reset_on(other_hart(), 1, function, nullptr));
    while (!inside.peek())
        arch::relax();
}

Options policy(Policy which, unsigned harts = 2) {
    return {.harts = harts, .calm = quiet, .policy = which};
}

void resetit() { // S1.13, corrected
    mutex.init("mutex");
    mutex.enter();
    let_run(wants_mutex);
    static_cast<void>(timer.reset(5, wants_mutex, nullptr));
    mutex.exit();
    static_cast<void>(timer.halt());
}

void deadlocks(const Options& options, void (*body)(), const std::string& sentence) {
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.panicked(sentence)) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(0, run.events.size()) > 0, true);
}

void dies(void (*body)(), const std::string& sentence, const Options& options = {.calm = quiet}) {
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.panicked(sentence)) << ending(run);
}

} // namespace

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

TEST(CalloutUse, of_what_is_not_initialised_destroyed_or_in_use_is_caught_and_named) {
    dies([] { static_cast<void>(timer.stop()); },
         "callout_stop of a callout that was never initialised, by main");
    dies([] { static_cast<void>(timer.reset(1, take_long, nullptr)); },
         "callout_reset of a callout that was never initialised, by main");
    dies(
        [] {
            timer.init("timer");
            timer.destroy();
            static_cast<void>(timer.drain());
        },
        "callout_drain of timer, which is destroyed, by main");
    dies(
        [] {
            timer.init("timer");
            timer.init("timer again");
        },
        "callout_init of timer, which is initialised already");
    dies(
        [] {
            timer.init("timer");
            static_cast<void>(timer.schedule(1));
        },
        "callout_schedule of timer before any callout_reset");
    dies(
        [] {
            let_run(take_long);
            timer.destroy();
        },
        "callout_destroy of timer, whose function softclock/", {.harts = 2, .calm = quiet});
    dies(
        [] {
            let_run(take_long);
            static_cast<void>(timer.drain_async([](void*) {}, nullptr));
            static_cast<void>(timer.drain_async([](void*) {}, nullptr));
        },
        "callout_drain_async of timer, which is being drained already",
        {.harts = 2, .calm = quiet});
}

TEST(CalloutUse, a_function_that_takes_too_long_is_told_once_and_again_when_it_gets_worse) {
    Outcome run = boot({.calm = quiet, .hz = 100}, [] {
        timer.init("sloth");
        for (u64 steps : {3'000, 3'000, 30'000}) {
            static_cast<void>(timer.reset(
                1,
                [](void* argument) {
                    u64 until = arch::now() + reinterpret_cast<u64>(argument);
                    while (arch::now() < until)
                        arch::preemption_point();
                },
                reinterpret_cast<void*>(steps)));
            callout::pause(8);
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 2u) << run.console;
    EXPECT_NE(run.console.find("report (slow_function): callout sloth took"), std::string::npos);
}

// ---- where it runs ------------------------------------------------------------------------------

TEST(CalloutMove, a_pending_one_moves_at_once_and_one_in_flight_when_its_run_is_over) {
    auto body = [] {
        static hart::Cell<unsigned> last;
        auto where = [](void*) {
            last.set(hart::here());
            take_long(nullptr);
        };
        timer.init("timer");
        hart::PreemptGuard stay;
        for (unsigned number = 0; number < hart::hart_count; number++) {
            if (number == hart::here())
                continue; // there it would be done before we see it
            static_cast<void>(timer.reset_on((number + 1) % 3, 40, where, nullptr));
            ASSERT(timer.reset_on(number, 2, where, nullptr) == Result::cancelled);
            while (!inside.peek())
                arch::relax();
            ASSERT(last.peek() == number);
            // In flight: it is armed for another hart, then stopped; nothing comes of that.
            static_cast<void>(timer.schedule_on((number + 1) % 3, 9));
            ASSERT(timer.stop() == Result::running);
            while (inside.peek())
                arch::relax();
        }
        // In flight and armed for another hart: there it comes.
        unsigned first = (hart::here() + 1) % 3, second = (hart::here() + 2) % 3;
        unsigned before = calls.peek();
        static_cast<void>(timer.reset_on(first, 1, where, nullptr));
        while (!inside.peek())
            arch::relax();
        ASSERT(timer.schedule_on(second, 3) == Result::running);
        ASSERT(timer.pending() && inside.peek());
        ASSERT(timer.try_stop() == Result::running);
        ASSERT(timer.schedule_on(second, 3) == Result::running);
        while (calls.peek() != before + 2)
            arch::relax();
        ASSERT(last.peek() == second);
    };
    Outcome run = boot({.harts = 3, .calm = quiet}, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
    EXPECT_GE(run.count<trace::CalloutMove>(), 4u);

    run = boot({.harts = 3, .calm = quiet, .mutation = hart::Mutation::moves_in_flight}, body);
    EXPECT_FALSE(run.passed()) << "M10 was not found";
}

// ---- mutations ----------------------------------------------------------------------------------

TEST(CalloutMutation, a_halt_that_does_not_wait_is_found) {
    auto on_another_hart = [] {
        let_run(take_long);
        static_cast<void>(timer.halt());
        ASSERT(!inside.peek());
    };
    Options options{.harts = 2, .calm = quiet};
    EXPECT_TRUE(boot(options, on_another_hart).passed());
    options.mutation = hart::Mutation::unmarked_run; // M1
    EXPECT_FALSE(boot(options, on_another_hart).passed());

    auto on_this_hart = [] {
        mutex.init("mutex");
        static hart::Cell<bool> holds;
        sched::spawn(
            {.name = "holder"},
            [](void*) {
                sync::MutexGuard guard(mutex);
                holds.set(true);
                callout::pause(4);
            },
            nullptr);
        while (!holds.peek())
            sched::yield();
        let_run(wants_mutex);
        static_cast<void>(timer.halt());
        ASSERT(!inside.peek());
    };
    options.harts = 1;
    options.mutation = hart::Mutation::none;
    Outcome run = boot(options, on_this_hart);
    EXPECT_TRUE(run.passed()) << ending(run);
    options.mutation = hart::Mutation::own_hart_slips; // M2
    EXPECT_FALSE(boot(options, on_this_hart).passed());
}

TEST(CalloutMutation, a_halt_that_does_not_look_again_is_found) { // M3
    auto body = [] {
        timer.init("timer");
        static_cast<void>(timer.reset_on(
            other_hart(), 1,
            [](void*) {
                take_long(nullptr);
                static_cast<void>(timer.schedule(1));
            },
            nullptr));
        while (!inside.peek())
            arch::relax();
        static_cast<void>(timer.halt());
        ASSERT(!timer.pending());
        unsigned before = calls.peek();
        callout::pause(4);
        ASSERT(calls.peek() == before);
    };
    Options options{.harts = 2, .calm = quiet};
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.passed()) << ending(run);
    options.mutation = hart::Mutation::halts_once;
    EXPECT_FALSE(boot(options, body).passed());
}
