// SPDX-License-Identifier: BSD-2-Clause
// Callouts in wrong hands, on the move from hart to hart, and with bugs switched on.
#include "callout_scene.hpp"

using namespace simulated;
using namespace simulated::callouts;

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
