// SPDX-License-Identifier: BSD-2-Clause
// Soft interrupts: when they run, how often, and in which order.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace {

using namespace simulated;

constexpr Options calm{.calm = quiet};

irq::Softint first, second, urgent;
sync::Mutex mutex;
sync::Condition condition;
char order[16] = {}; // who ran, a letter each

void note(const char* letter) {
    std::strcat(order, letter);
}

/// From an LWP that could be moved: it stays here for the time of the call.
void schedule(irq::Softint& softint) {
    hart::PreemptGuard stay;
    softint.schedule();
}

} // namespace

TEST(Softint, scheduled_twice_before_it_can_run_it_runs_once) {
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softnet, [](void*) { note("1"); }, nullptr);
        {
            hart::LevelGuard level(hart::ipl::softnet);
            first.schedule();
            first.schedule();
            ASSERT(std::strcmp(order, "") == 0);
        }
        ASSERT(std::strcmp(order, "1") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto enters = run.places<trace::SoftintEnter>();
    ASSERT_EQ(enters.size(), 1u);
    EXPECT_EQ(run.events[enters[0]].as<trace::SoftintEnter>().victim, run.lwp("main"));
    EXPECT_EQ(contradiction(run), "");
}

TEST(Softint, scheduled_while_it_runs_it_runs_once_more_and_is_not_re_entered) {
    static bool inside = false;
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softnet,
            [](void*) {
                ASSERT(!inside);
                inside = true;
                note("1");
                if (std::strlen(order) < 3) {
                    first.schedule();
                    first.schedule();
                }
                inside = false;
            },
            nullptr);
        schedule(first);
        ASSERT(std::strcmp(order, "111") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Softint, within_a_level_first_come_first_served_and_higher_levels_first) {
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softbio, [](void*) { note("1"); }, nullptr);
        second.establish(
            "second", hart::ipl::softbio, [](void*) { note("2"); }, nullptr);
        urgent.establish(
            "urgent", hart::ipl::softserial, [](void*) { note("u"); }, nullptr);
        {
            hart::LevelGuard level(hart::ipl::softserial);
            second.schedule();
            first.schedule();
            urgent.schedule();
        }
        ASSERT(std::strcmp(order, "u21") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Softint, one_that_blocks_returns_to_its_victim_and_its_level_waits_for_it) {
    Outcome run = boot(calm, [] {
        mutex.init("mutex");
        first.establish(
            "first", hart::ipl::softbio,
            [](void*) {
                sync::MutexGuard guard(mutex);
                note("1");
            },
            nullptr);
        second.establish(
            "second", hart::ipl::softbio, [](void*) { note("2"); }, nullptr);
        {
            sync::MutexGuard guard(mutex);
            schedule(first);
            schedule(second); // behind it, in the same LWP
            note("m");
        }
        ASSERT(std::strcmp(order, "m12") == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::SoftintBlock>(), 1u);
    auto exits = run.places<trace::SoftintExit>();
    ASSERT_EQ(exits.size(), 1u);
    EXPECT_EQ(run.events[exits[0]].as<trace::SoftintExit>().blocked, 1);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Softint, sleeping_in_one_panics_and_names_it) {
    Outcome run = boot(calm, [] {
        mutex.init("mutex");
        condition.init("condition");
        first.establish(
            "first", hart::ipl::softbio,
            [](void*) {
                sync::MutexGuard guard(mutex);
                condition.wait(mutex);
            },
            nullptr);
        schedule(first);
    });
    EXPECT_TRUE(run.panicked("cv_wait in first, which runs in softbio/0")) << ending(run);
}

TEST(Softint, one_that_leaves_preemption_disabled_is_named_in_a_panic) {
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softbio, [](void*) { hart::preempt_disable(); }, nullptr);
        schedule(first);
    });
    EXPECT_TRUE(run.panicked("first returned with preemption disabled")) << ending(run);
}

TEST(Softint, in_every_model_it_runs_once_more_if_scheduled_while_it_runs) {
    for (trace::Model model : {trace::Model::borrow, trace::Model::thread, trace::Model::classic}) {
        Outcome run = boot({.calm = quiet, .interrupts = {.model = model}}, [] {
            first.establish(
                "first", hart::ipl::softnet,
                [](void*) {
                    note("1");
                    if (std::strlen(order) < 2)
                        first.schedule();
                },
                nullptr);
            schedule(first);
            ASSERT(std::strcmp(order, "11") == 0);
        });
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(run.count<trace::SoftintEnter>(), 1u);
        EXPECT_EQ(contradiction(run), "");
    }
}

TEST(Softint, scheduled_by_an_lwp_that_may_be_moved_it_panics) {
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softnet, [](void*) {}, nullptr);
        first.schedule();
    });
    EXPECT_TRUE(run.panicked("softint_schedule of first by main")) << ending(run);
}

TEST(Softint, scheduled_on_another_hart_it_runs_there) {
    static hart::Cell<unsigned> ran_on{99};
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        first.establish(
            "first", hart::ipl::softnet, [](void*) { ran_on.set(hart::here()); }, nullptr);
        hart::PreemptGuard stay;
        unsigned other = hart::here() ^ 1;
        first.schedule_on(other);
        while (ran_on.peek() == 99)
            arch::relax();
        ASSERT(ran_on.peek() == other);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Softint, the_table_is_full_one_day_and_says_for_whom) {
    static irq::Softint many[irq::max_softints];
    Outcome run = boot(calm, [] {
        for (unsigned i = 0; i < irq::max_softints - 1; i++) // one is the hart's softclock
            ASSERT(many[i].establish(
                "one", hart::ipl::softbio, [](void*) {}, nullptr));
        ASSERT(!first.establish(
            "too many", hart::ipl::softbio, [](void*) {}, nullptr));
        many[0].disestablish();
        ASSERT(first.establish(
            "too many", hart::ipl::softbio, [](void*) {}, nullptr));
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_NE(run.console.find("there is no room for too many"), std::string::npos);
}

TEST(Softint, disestablish_waits_until_it_runs_nowhere) {
    static hart::Cell<unsigned> inside, over;
    auto body = [] {
        first.establish(
            "first", hart::ipl::softnet,
            [](void*) {
                inside.set(1);
                for (unsigned i = 0; i < 200; i++)
                    arch::relax();
                over.set(1);
            },
            nullptr);
        {
            hart::PreemptGuard stay;
            first.schedule_on(hart::here() ^ 1);
        }
        while (inside.peek() == 0)
            arch::relax();
        first.disestablish();
        ASSERT(over.peek() == 1);
    };
    Outcome right = boot({.harts = 2, .calm = quiet}, body);
    ASSERT_TRUE(right.passed()) << ending(right);
    EXPECT_EQ(contradiction(right), "");
    Outcome wrong =
        boot({.harts = 2, .calm = quiet, .mutation = hart::Mutation::hasty_disestablish}, body);
    EXPECT_EQ(wrong.count<trace::Panic>(), 1u) << ending(wrong);
}

TEST(Softint, disestablish_in_a_softint_panics_and_names_it) {
    Outcome run = boot(calm, [] {
        first.establish(
            "first", hart::ipl::softnet, [](void*) { first.disestablish(); }, nullptr);
        schedule(first);
    });
    EXPECT_TRUE(run.panicked("softint_disestablish in first")) << ending(run);
}
