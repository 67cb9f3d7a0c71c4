// SPDX-License-Identifier: BSD-2-Clause
// Boot, the run queue, quantum and preemption.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace {

using namespace simulated;

constexpr Options calm{.calm = quiet};

hart::Cell<unsigned> finished;

void count_up(void*) {
    for (int i = 0; i < 5; i++)
        sched::yield();
    finished.add(1);
}

constexpr sched::Priority plus(int more) {
    return static_cast<sched::Priority>(sched::kernel_priority + more);
}

char order[16] = {}; // who ran, a letter each

void sign(void* letter) {
    std::strcat(order, static_cast<const char*>(letter));
}

void spawn_signer(const char* letter, int more_urgent) {
    sched::spawn({.name = letter, .priority = plus(more_urgent)}, sign, const_cast<char*>(letter));
}

std::vector<trace::Refusal> refusals(const Outcome& run) {
    std::vector<trace::Refusal> reasons;
    for (size_t place : run.places<trace::PreemptRefused>())
        reasons.push_back(run.events[place].as<trace::PreemptRefused>().why);
    return reasons;
}

void wait_for(unsigned count) {
    while (finished.peek() != count)
        sched::yield();
}

} // namespace

TEST(Sched, a_machine_boots_and_halts_with_the_status_of_its_kernel) {
    Outcome outcome = boot({}, [] {});
    EXPECT_FALSE(outcome.crashed);
    EXPECT_EQ(outcome.status, 0u) << outcome.console;
    EXPECT_EQ(outcome.count<trace::Halt>(), 1u);
    EXPECT_EQ(contradiction(outcome), "");
}

TEST(Sched, a_failed_assertion_ends_the_machine_and_says_where) {
    Outcome outcome = boot({}, [] { ASSERT(1 + 1 == 3); });
    EXPECT_EQ(outcome.status, hart::panic_status);
    EXPECT_NE(outcome.console.find("1 + 1 == 3"), std::string::npos) << outcome.console;
    EXPECT_NE(outcome.console.find("hart 0"), std::string::npos) << outcome.console;
    EXPECT_EQ(outcome.count<trace::Panic>(), 1u);
}

TEST(Sched, lwps_of_one_priority_take_turns) {
    for (unsigned long seed = 1; seed <= 20; seed++) {
        Outcome outcome = boot({.harts = 1 + static_cast<unsigned>(seed) % 4, .seed = seed}, [] {
            for (const char* name : {"a", "b", "c"})
                sched::spawn({.name = name}, count_up, nullptr);
            wait_for(3);
        });
        ASSERT_FALSE(outcome.crashed) << "seed " << seed;
        ASSERT_EQ(outcome.status, 0u) << "seed " << seed << "\n" << outcome.console;
        ASSERT_EQ(contradiction(outcome), "") << "seed " << seed;
    }
}

TEST(Sched, a_more_urgent_lwp_preempts_at_once_and_the_preempted_one_goes_on_before_its_equals) {
    Outcome run = boot(calm, [] {
        spawn_signer("e", 0); // as urgent as main: waits
        spawn_signer("u", 1);
        ASSERT(std::strcmp(order, "u") == 0);
        sched::yield();
        ASSERT(std::strcmp(order, "ue") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, the_run_queue_is_by_priority_and_first_come_first_served_among_equals) {
    Outcome run = boot(calm, [] {
        {
            hart::PreemptGuard stay;
            spawn_signer("a", 1);
            spawn_signer("x", 3);
            spawn_signer("b", 1);
            spawn_signer("y", 3);
            spawn_signer("m", 2);
            ASSERT(std::strcmp(order, "") == 0);
        }
        ASSERT(std::strcmp(order, "xymab") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, equals_that_only_compute_take_turns_by_the_quantum) {
    Outcome run = boot(calm, [] {
        for (const char* name : {"one", "two"})
            sched::spawn(
                {.name = name, .priority = sched::user_priority},
                [](void*) {
                    for (unsigned i = 0; i < 10'000; i++)
                        arch::preemption_point();
                    finished.add(1);
                },
                nullptr);
        sched::spawn(
            {.name = "last", .priority = 1}, [](void*) { hart::shut_down(0); }, nullptr);
        sched::exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto preempted = run.places<trace::Switch>([&](const trace::Switch& event) {
        return event.reason == trace::SwitchReason::preempted
               && (event.previous == run.lwp("one") || event.previous == run.lwp("two"));
    });
    EXPECT_GE(preempted.size(), 6u); // 20 ticks, a quantum is 2
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, each_refused_preemption_is_told_once_with_its_reason_and_made_up_for) {
    Outcome disabled = boot(calm, [] {
        hart::preempt_disable();
        spawn_signer("u", 1);
        ASSERT(std::strcmp(order, "") == 0);
        hart::preempt_enable();
        ASSERT(std::strcmp(order, "u") == 0);
    });
    ASSERT_TRUE(disabled.passed()) << ending(disabled);
    EXPECT_EQ(refusals(disabled), std::vector{trace::Refusal::preempt_disabled});

    Outcome level = boot(calm, [] {
        {
            hart::LevelGuard guard(hart::ipl::net);
            spawn_signer("u", 1);
            ASSERT(std::strcmp(order, "") == 0);
        }
        ASSERT(std::strcmp(order, "u") == 0);
    });
    ASSERT_TRUE(level.passed()) << ending(level);
    EXPECT_EQ(refusals(level), std::vector{trace::Refusal::ipl});

    static irq::Softint softint;
    Outcome borrowed = boot(calm, [] {
        softint.establish(
            "softint", hart::ipl::softnet,
            [](void*) {
                spawn_signer("u", 1);
                ASSERT(std::strcmp(order, "") == 0);
            },
            nullptr);
        {
            hart::LevelGuard stay(hart::ipl::softnet);
            softint.schedule();
        }
        ASSERT(std::strcmp(order, "u") == 0);
    });
    ASSERT_TRUE(borrowed.passed()) << ending(borrowed);
    EXPECT_EQ(refusals(borrowed), std::vector{trace::Refusal::softint});
}

TEST(Sched, without_preemption_a_more_urgent_lwp_waits_until_the_hart_is_given_up) {
    Outcome run = boot({.calm = quiet, .preemption = false}, [] {
        spawn_signer("u", 1);
        ASSERT(std::strcmp(order, "") == 0);
        sched::yield();
        ASSERT(std::strcmp(order, "u") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, preemption_that_is_disabled_twice_comes_at_the_outermost_enable) {
    Outcome run = boot(calm, [] {
        hart::preempt_disable();
        hart::preempt_disable();
        spawn_signer("u", 1);
        hart::preempt_enable();
        ASSERT(std::strcmp(order, "") == 0);
        hart::preempt_enable();
        ASSERT(std::strcmp(order, "u") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(refusals(run), std::vector{trace::Refusal::preempt_disabled});
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, an_idle_hart_steals_what_may_run_anywhere_and_leaves_what_is_bound) {
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        hart::PreemptGuard stay;
        auto here = hart::hart_id(hart::here());
        auto count = [](void*) { finished.add(1); };
        for (unsigned i = 0; i < 3; i++)
            sched::spawn({.name = "bound", .home = here}, count, nullptr);
        for (unsigned i = 0; i < 3; i++)
            sched::spawn({.name = "free"}, count, nullptr);
        while (finished.peek() != 3) // the other hart has taken all that it may
            arch::relax();
        for (unsigned i = 0; i < 100; i++)
            arch::relax();
        ASSERT(finished.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    for (size_t place : run.places<trace::Switch>()) {
        auto event = run.events[place].as<trace::Switch>();
        EXPECT_NE(event.next, run.lwp("bound"));
    }
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, a_pinned_lwp_is_not_stolen_by_a_hart_that_has_nothing_to_do) {
    static irq::Softint softint;
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        softint.establish(
            "long", hart::ipl::softnet,
            [](void*) {
                for (unsigned i = 0; i < 300; i++) // the other hart idles and looks for work
                    arch::relax();
            },
            nullptr);
        hart::PreemptGuard stay;
        softint.schedule();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    size_t enter = run.places<trace::SoftintEnter>(
        [&](const trace::SoftintEnter& event) { return event.victim == run.lwp("main"); })[0];
    size_t exit = run.places<trace::SoftintExit>(
        [&](const trace::SoftintExit& event) { return event.victim == run.lwp("main"); })[0];
    EXPECT_EQ(run.count<trace::Steal>(enter, exit), 0u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Sched, a_more_urgent_lwp_of_another_hart_gets_there_by_an_ipi) {
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        hart::PreemptGuard stay;
        auto there = hart::hart_id(hart::here() ^ 1);
        sched::spawn(
            {.name = "busy", .home = there},
            [](void*) {
                while (finished.peek() != 1)
                    arch::relax();
                finished.add(1);
            },
            nullptr);
        for (unsigned i = 0; i < 20; i++)
            arch::relax();
        sched::spawn(
            {.name = "urgent", .priority = plus(1), .home = there}, [](void*) { finished.add(1); },
            nullptr);
        while (finished.peek() != 2)
            arch::relax();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto preempted = run.places<trace::Switch>([&](const trace::Switch& event) {
        return event.previous == run.lwp("busy") && event.next == run.lwp("urgent");
    });
    ASSERT_EQ(preempted.size(), 1u);
    size_t runnable = run.places<trace::Runnable>(
        [&](const trace::Runnable& event) { return event.subject == run.lwp("urgent"); })[0];
    EXPECT_EQ(run.count<trace::Ipi>(runnable, preempted[0]), 1u);
    EXPECT_EQ(contradiction(run), "");
}
