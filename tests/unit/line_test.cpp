// SPDX-License-Identifier: BSD-2-Clause
// Interrupt lines: the three models, the controller's protocol, handlers that come and go, and what
// is watched.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/kernel_lock.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using irq::Served;
using trace::Model;

sync::Mutex mutex;
Cell<unsigned> calls;

Served count_call(void*) {
    calls.add(1);
    return Served::yes;
}
Served not_mine(void*) {
    calls.add(1);
    return Served::no;
}
Served want_mutex(void*) {
    sync::MutexGuard guard(mutex);
    calls.add(1);
    return Served::yes;
}

irq::Handler first{
    .name = "first", .line = trace::LineId{3}, .level = hart::ipl::net, .function = count_call};
irq::Handler second{
    .name = "second", .line = trace::LineId{4}, .level = hart::ipl::net, .function = count_call};

constexpr hart::Interrupts with(Model model) {
    return {.model = model};
}

void pass_ticks(u32 count) {
    for (u32 i = 0; i < count * 1000; i++)
        arch::preemption_point();
}

/// A handler is blocked on `mutex`, which main has; `rest` happens meanwhile.
void with_a_blocked_handler(void (*rest)()) {
    mutex.init("mutex");
    first.function = want_mutex;
    irq::attach(first);
    sync::MutexGuard guard(mutex);
    fire(3);
    ASSERT(calls.peek() == 0);
    rest();
}

} // namespace

TEST(Line, in_every_model_the_same_handler_runs_and_the_events_agree) {
    for (Model model : {Model::borrow, Model::thread, Model::classic}) {
        Outcome run = boot({.calm = quiet, .interrupts = with(model)}, [] {
            irq::attach(first);
            for (unsigned i = 1; i <= 3; i++) {
                fire(3);
                ASSERT(calls.peek() == i);
            }
        });
        ASSERT_TRUE(run.passed()) << ending(run);
        auto enters = run.places<trace::IrqEnter>();
        ASSERT_EQ(enters.size(), 3u);
        EXPECT_EQ(run.events[enters[0]].as<trace::IrqEnter>().model, model);
        size_t switches = run.count<trace::Switch>(run.places<trace::LineClaim>()[0],
                                                   run.places<trace::LineComplete>()[2]);
        EXPECT_EQ(switches, model == Model::thread ? 5u : 0u);
        EXPECT_EQ(contradiction(run), "");
    }
}

TEST(Line, a_thread_that_waits_for_a_mutex_blocks_as_any_lwp_and_completes_later) {
    Outcome run = boot({.calm = quiet, .interrupts = with(Model::thread)}, [] {
        with_a_blocked_handler([] { fire(3); }); // masked: its claim is held
        ASSERT(calls.peek() == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::IrqBlock>(), 0u);
    EXPECT_EQ(run.count<trace::LineComplete>(), 2u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Line, a_traditional_handler_that_enters_an_adaptive_mutex_panics_with_both_named) {
    Outcome run = boot({.calm = quiet, .interrupts = {.lock_level = hart::ipl::bio}}, [] {
        mutex.init("adaptive");
        first.function = want_mutex;
        irq::attach(first);
        fire(3); // it is free
    });
    EXPECT_TRUE(run.panicked("mutex_enter of adaptive, for which one may have to wait, in first"))
        << ending(run);
}

TEST(Line, a_handler_that_is_not_mpsafe_runs_under_kernel_lock) {
    Outcome run = boot({.calm = quiet}, [] {
        first.mpsafe = false;
        first.function = [](void*) {
            ASSERT(sync::kernel_lock.held_by_me());
            return count_call(nullptr);
        };
        irq::attach(first);
        fire(3);
        ASSERT(calls.peek() == 1);
        ASSERT(!sync::kernel_lock.held_by_me());
    });
    EXPECT_TRUE(run.passed()) << ending(run);
}

TEST(Line, the_checker_finds_a_line_that_is_disabled_before_it_is_completed) {
    auto body = [] {
        first.function = not_mine;
        irq::attach(first);
        for (unsigned i = 0; i < 12; i++)
            fire(3);
        ASSERT(calls.peek() == 10);
    };
    Outcome right = boot({.calm = quiet}, body);
    ASSERT_TRUE(right.passed()) << ending(right);
    EXPECT_NE(right.console.find("first is disabled"), std::string::npos) << right.console;
    Outcome wrong = boot({.calm = quiet, .mutation = hart::Mutation::early_complete}, body);
    EXPECT_TRUE(wrong.panicked("line 3 (first) is disabled while it is claimed")) << ending(wrong);
}

TEST(Line, the_checker_finds_a_route_that_changes_between_claim_and_complete) {
    auto body = [] {
        static Cell<unsigned> moved;
        with_a_blocked_handler([] {
            sched::spawn(
                {.name = "mover"},
                [](void*) {
                    irq::route(first.line, 1);
                    moved.set(1);
                },
                nullptr);
            pass_ticks(3);
            ASSERT(moved.peek() == 0); // it waits for the completion
        });
        while (moved.peek() == 0)
            arch::relax();
        ASSERT(calls.peek() == 1);
    };
    Outcome right = boot({.harts = 2, .calm = quiet}, body);
    ASSERT_TRUE(right.passed()) << ending(right);
    EXPECT_EQ(contradiction(right), "");
    Outcome wrong =
        boot({.harts = 2, .calm = quiet, .mutation = hart::Mutation::early_change}, body);
    EXPECT_TRUE(wrong.panicked("line 3 (first) is routed anew while it is claimed"))
        << ending(wrong);
}

TEST(Line, one_that_was_never_attached_is_disabled_with_a_message) {
    Outcome run = boot({.calm = quiet}, [] {
        arch::line_enable(9, 0, 1, true); // as firmware may have left it
        fire(9);
        fire(9);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_NE(run.console.find("line 9 interrupts hart 0, although no handler"), std::string::npos)
        << run.console;
    EXPECT_EQ(run.count<trace::Report>(), 1u);
}

TEST(Line, handlers_share_it_if_all_of_them_agree) {
    Outcome run = boot({.calm = quiet}, [] {
        first.shareable = true;
        irq::attach(first);
        second.line = first.line;
        ASSERT(!irq::attach(second));
        second.shareable = true;
        ASSERT(irq::attach(second));
        fire(3);
        ASSERT(calls.peek() == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_NE(run.console.find("second is not attached to line 3, which has first"),
              std::string::npos);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Line, a_handler_is_detached_when_it_runs_nowhere_and_the_last_one_disables_the_line) {
    auto body = [] {
        static Cell<unsigned> gone;
        with_a_blocked_handler([] {
            sched::spawn(
                {.name = "detacher", .home = hart::hart_id(1)},
                [](void*) {
                    irq::detach(first);
                    gone.set(1);
                },
                nullptr);
            pass_ticks(3);
            ASSERT(gone.peek() == 0);
        });
        while (gone.peek() == 0)
            arch::relax();
        ASSERT(calls.peek() == 1);
        fire(3);
        ASSERT(calls.peek() == 1);
        irq::attach(first); // and comes again
        fire(3);
        ASSERT(calls.peek() >= 2);
    };
    Outcome run = boot({.harts = 2, .calm = quiet}, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LineDetach>(), 1u);
    EXPECT_EQ(contradiction(run), "");
    Outcome wrong =
        boot({.harts = 2, .calm = quiet, .mutation = hart::Mutation::early_change}, body);
    EXPECT_EQ(wrong.count<trace::Panic>(), 1u) << ending(wrong);
}

TEST(Line, a_handler_cannot_detach_itself) {
    Outcome run = boot({.calm = quiet}, [] {
        first.function = [](void*) {
            irq::detach(first);
            return Served::yes;
        };
        irq::attach(first);
        fire(3);
    });
    EXPECT_TRUE(run.panicked("intr_disestablish in first")) << ending(run);
}

TEST(Line, one_that_storms_is_held_back_until_the_next_tick_and_reported) {
    Outcome run = boot({.calm = quiet}, [] {
        irq::storm_limit = 5;
        irq::attach(first);
        pass_ticks(1);
        for (unsigned i = 0; i < 20; i++)
            fire(3);
        unsigned before = calls.peek();
        ASSERT(before < 20);
        pass_ticks(2);
        ASSERT(calls.peek() == before + 1); // what came meanwhile is one signal
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_GE(run.count<trace::LineThrottle>(), 2u);
    EXPECT_NE(run.console.find("report (storm): first is held back"), std::string::npos);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Line, a_level_whose_lwps_are_all_blocked_for_long_is_reported_with_lock_and_owner) {
    auto body = [] {
        irq::attach(second);
        with_a_blocked_handler([] {
            fire(4);
            pass_ticks(25);
        });
        ASSERT(calls.peek() == 2);
    };
    Outcome one = boot({.calm = quiet}, body);
    ASSERT_TRUE(one.passed()) << ending(one);
    auto out = one.places<trace::RunOut>();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(one.events[out[0]].as<trace::RunOut>().blocked, 1u);
    EXPECT_NE(one.console.find("second waits, masked; intr.net/0, in first, waits for mutex, "
                               "which main has"),
              std::string::npos)
        << one.console;
    EXPECT_EQ(contradiction(one), "");
    Outcome two = boot({.calm = quiet, .pool = 2}, body);
    ASSERT_TRUE(two.passed()) << ending(two);
    EXPECT_EQ(two.count<trace::Report>(), 0u);
}

TEST(Line, with_mask_level_a_blocked_handler_holds_off_its_level_and_below_on_its_hart) {
    Outcome run = boot({.calm = quiet, .interrupts = {.mask = hart::Mask::level}}, [] {
        static irq::Handler above{.name = "above",
                                  .line = trace::LineId{5},
                                  .level = hart::ipl::serial,
                                  .function = count_call};
        second.level = hart::ipl::bio;
        irq::attach(second);
        irq::attach(above);
        with_a_blocked_handler([] {
            fire(4);
            ASSERT(calls.peek() == 0);
            fire(5);
            ASSERT(calls.peek() == 1);
        });
        ASSERT(calls.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::BaseLevel>(), 2u);
    EXPECT_EQ(run.count<trace::RunOut>(), 0u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Line, a_handler_that_runs_for_many_ticks_is_reported_and_then_at_twice_the_time) {
    Outcome run = boot({.calm = quiet}, [] {
        first.function = [](void*) {
            pass_ticks(calls.add(1) < 2 ? 5 : 12);
            return Served::yes;
        };
        irq::attach(first);
        for (unsigned i = 0; i < 3; i++)
            fire(3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 2u) << run.console; // at 5, and not again before 12
    EXPECT_NE(run.console.find("the handler first of first ran through"), std::string::npos);
}

TEST(Line, handlers_that_block_in_half_of_their_interrupts_are_reported) {
    Outcome run = boot({.calm = quiet}, [] {
        mutex.init("mutex");
        first.function = want_mutex;
        irq::attach(first);
        for (unsigned i = 0; i < 40; i++) {
            sync::MutexGuard guard(mutex);
            fire(3);
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 1u) << run.console;
    EXPECT_NE(run.console.find("handlers of first blocked in 32 of 32 interrupts"),
              std::string::npos)
        << run.console;
}

TEST(Line, a_handler_flagged_traditional_has_no_lwp_in_a_model_that_lends_one) {
    Outcome run = boot({.calm = quiet}, [] {
        first.traditional = true;
        irq::attach(first);
        fire(3);
        ASSERT(calls.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto enters = run.places<trace::IrqEnter>();
    ASSERT_EQ(enters.size(), 1u);
    EXPECT_EQ(run.events[enters[0]].as<trace::IrqEnter>().handler, trace::LwpId::none);
    EXPECT_EQ(contradiction(run), "");
}
