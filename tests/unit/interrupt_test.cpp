// SPDX-License-Identifier: BSD-2-Clause
// Borrowed contexts: what a hard interrupt handler may do, and what becomes of its victim.
#include "fold.hpp"

#include "arch/upcalls.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using irq::Served;

constexpr Options calm{.calm = quiet};

sync::Mutex mutex;
sync::Condition condition;
Cell<unsigned> calls;

Served count_call(void*) {
    calls.add(1);
    return Served::yes;
}
Served want_mutex(void*) {
    sync::MutexGuard guard(mutex);
    calls.add(1);
    return Served::yes;
}

irq::Handler first_device, second_device;

void attach(irq::Handler& place, unsigned line, trace::Level level, Served (*function)(void*),
            unsigned route = 0) {
    place.name = "device";
    place.line = static_cast<trace::LineId>(line);
    place.level = level;
    place.function = function;
    irq::attach(place, route);
}

} // namespace

TEST(Interrupt, a_handler_that_completes_returns_to_its_victim_without_mi_switch) {
    Outcome run = boot(calm, [] {
        attach(first_device, 3, hart::ipl::net, count_call);
        fire(3);
        ASSERT(calls.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto enter = run.places<trace::IrqEnter>();
    auto exit = run.places<trace::IrqExit>();
    ASSERT_EQ(enter.size(), 1u);
    ASSERT_EQ(exit.size(), 1u);
    auto entered = run.events[enter[0]].as<trace::IrqEnter>();
    auto left = run.events[exit[0]].as<trace::IrqExit>();
    EXPECT_EQ(entered.victim, run.lwp("main"));
    EXPECT_EQ(left.victim, run.lwp("main"));
    EXPECT_EQ(left.blocked, 0);
    EXPECT_EQ(run.count<trace::Switch>(enter[0], exit[0]), 0u);
    EXPECT_EQ(run.count<trace::LineComplete>(enter[0], exit[0]), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, a_blocked_handler_returns_to_its_victim_and_finishes_later_on_its_home_hart) {
    Outcome run = boot(calm, [] {
        mutex.init("mutex");
        attach(first_device, 3, hart::ipl::net, want_mutex);
        unsigned before[64]; // on the victim's stack, above which nobody may have written
        for (unsigned i = 0; i < 64; i++)
            before[i] = i * i;
        mutex.enter();
        fire(3);
        ASSERT(calls.peek() == 0);
        ASSERT(mutex.owned());
        fire(3); // its claim is held: the line is masked
        for (unsigned i = 0; i < 64; i++)
            ASSERT(before[i] == i * i);
        mutex.exit();
        ASSERT(calls.peek() == 2); // the releaser was preempted at once, and the line came again
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    ASSERT_EQ(run.count<trace::IrqBlock>(), 1u);
    size_t block = run.places<trace::IrqBlock>()[0];
    size_t wait = run.places<trace::LockBlock>()[0];
    EXPECT_EQ(run.events[block].as<trace::IrqBlock>().victim, run.lwp("main"));
    EXPECT_EQ(run.count<trace::Switch>(wait, block), 0u);
    auto exits = run.places<trace::IrqExit>();
    ASSERT_EQ(exits.size(), 2u);
    EXPECT_EQ(run.events[exits[0]].as<trace::IrqExit>().blocked, 1);
    EXPECT_EQ(run.events[exits[0]].hart, 0u);
    EXPECT_EQ(run.count<trace::LineClaim>(0, exits[0]), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, a_handler_spins_while_the_owner_runs_on_another_hart) {
    static Cell<unsigned> owned;
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        mutex.init("mutex");
        hart::PreemptGuard stay;
        attach(first_device, 3, hart::ipl::net, want_mutex, hart::here());
        sched::spawn(
            {.name = "owner", .home = hart::hart_id(hart::here() ^ 1)},
            [](void*) {
                sync::MutexGuard guard(mutex);
                owned.set(1);
                for (unsigned i = 0; i < 50; i++)
                    arch::relax();
            },
            nullptr);
        while (owned.peek() == 0)
            arch::relax();
        fire(3);
        while (calls.peek() == 0)
            arch::relax();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockSpin>(), 1u);
    EXPECT_EQ(run.count<trace::IrqBlock>(), 0u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, a_more_urgent_line_interrupts_a_handler_and_a_less_urgent_one_waits) {
    static irq::Handler third_device;
    Outcome run = boot(calm, [] {
        attach(first_device, 3, hart::ipl::net, [](void*) {
            fire(4); // serial: above net
            ASSERT(calls.peek() == 1);
            fire(5); // bio: below, at most claimed
            ASSERT(calls.peek() == 1);
            return Served::yes;
        });
        attach(second_device, 4, hart::ipl::serial, count_call);
        attach(third_device, 5, hart::ipl::bio, count_call);
        fire(3);
        ASSERT(calls.peek() == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    auto enters = run.places<trace::IrqEnter>();
    ASSERT_EQ(enters.size(), 3u);
    EXPECT_EQ(run.events[enters[1]].as<trace::IrqEnter>().victim, run.lwp("intr.net/0"));
    EXPECT_EQ(run.events[enters[2]].as<trace::IrqEnter>().victim, run.lwp("main"));
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, a_line_caught_by_a_level_is_deferred_and_replayed_exactly_once) {
    Outcome run = boot(calm, [] {
        attach(first_device, 3, hart::ipl::net, count_call);
        attach(second_device, 4, hart::ipl::serial, count_call);
        {
            hart::LevelGuard level(hart::ipl::net);
            fire(3);
            fire(3);
            ASSERT(calls.peek() == 0);
            fire(4);
            ASSERT(calls.peek() == 1);
        }
        // Once for the claim that was held, once for the edge that came in the meantime.
        ASSERT(calls.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LineDefer>(), 1u);
    EXPECT_EQ(run.count<trace::LineClaim>(), 3u);
    EXPECT_EQ(run.count<trace::LineComplete>(), 3u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, without_an_interrupt_lwp_left_a_line_waits_and_the_run_out_is_told) {
    auto body = [] {
        mutex.init("mutex");
        attach(first_device, 3, hart::ipl::net, want_mutex);
        attach(second_device, 4, hart::ipl::net, count_call);
        {
            sync::MutexGuard guard(mutex);
            fire(3);
            fire(4);
        }
        ASSERT(calls.peek() == 2);
    };
    Outcome one = boot({.calm = quiet, .pool = 1}, body);
    ASSERT_TRUE(one.passed()) << ending(one);
    EXPECT_EQ(one.count<trace::RunOut>(), 1u);
    EXPECT_EQ(contradiction(one), "");
    Outcome two = boot({.calm = quiet, .pool = 2}, body);
    ASSERT_TRUE(two.passed()) << ending(two);
    EXPECT_EQ(two.count<trace::RunOut>(), 0u);
    EXPECT_EQ(contradiction(two), "");
}

TEST(Interrupt, a_line_that_nobody_owns_is_disabled_after_ten_strays) {
    Outcome run = boot(calm, [] {
        attach(first_device, 3, hart::ipl::net, [](void*) {
            calls.add(1);
            return Served::no;
        });
        for (unsigned i = 0; i < 15; i++)
            fire(3);
        ASSERT(calls.peek() == 10);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LineStray>(), 10u);
    EXPECT_EQ(run.count<trace::LineDisable>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Interrupt, a_claim_of_nothing_is_counted_as_a_stray) {
    Outcome run = boot(calm, [] {
        u64 saved = arch::irq_save();
        arch::on_external_interrupt();
        arch::irq_restore(saved);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LineStray>(), 1u);
}

TEST(Interrupt, a_handler_that_leaves_something_behind_is_named_in_a_panic) {
    static hart::SpinMutex spin("spin", hart::ipl::high);
    EXPECT_TRUE(boot(calm, [] {
                    attach(first_device, 3, hart::ipl::net, [](void*) {
                        hart::preempt_disable();
                        return Served::yes;
                    });
                    fire(3);
                }).panicked("device returned with preemption disabled"));
    EXPECT_TRUE(boot(calm, [] {
                    attach(first_device, 3, hart::ipl::net, [](void*) {
                        static_cast<void>(spin.enter());
                        return Served::yes;
                    });
                    fire(3);
                }).panicked("device returned with 1 spin mutexes held"));
    EXPECT_TRUE(boot(calm, [] {
                    attach(first_device, 3, hart::ipl::net, [](void*) {
                        alignas(hart::LevelGuard) static char never_left[sizeof(hart::LevelGuard)];
                        new (never_left) hart::LevelGuard(hart::ipl::serial);
                        return Served::yes;
                    });
                    fire(3);
                }).panicked("device returned at level serial"));
    EXPECT_TRUE(boot(calm, [] {
                    mutex.init("mutex");
                    attach(first_device, 3, hart::ipl::net, [](void*) {
                        mutex.enter();
                        return Served::yes;
                    });
                    fire(3);
                }).panicked("device returned holding mutex, which it entered at "));
}

TEST(Interrupt, waiting_for_a_condition_in_a_handler_panics_even_if_it_would_not_have_to) {
    Outcome run = boot(calm, [] {
        mutex.init("mutex");
        condition.init("condition");
        attach(first_device, 3, hart::ipl::net, [](void*) {
            sync::MutexGuard guard(mutex);
            condition.wait(mutex);
            return Served::yes;
        });
        fire(3);
    });
    EXPECT_TRUE(run.panicked("cv_wait in device")) << ending(run);
}
