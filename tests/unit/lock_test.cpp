// SPDX-License-Identifier: BSD-2-Clause
// The adaptive mutex, its turnstile, lent priority, and condition variables.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;

constexpr Options calm{.calm = quiet};

sync::Mutex a, b, c;
sync::Condition condition;
Cell<unsigned> count;

void init_all() {
    a.init("a");
    b.init("b");
    c.init("c");
    condition.init("condition");
}

/// An LWP that runs at once if its priority is above kernel_priority.
void spawn(const char* name, int more_urgent, void (*entry)(void*)) {
    auto priority = static_cast<sched::Priority>(sched::kernel_priority + more_urgent);
    sched::spawn({.name = name, .priority = priority}, entry, nullptr);
}

sched::Priority inherited() {
    return sched::current().inherited;
}

constexpr sched::Priority plus(int more) {
    return static_cast<sched::Priority>(sched::kernel_priority + more);
}

} // namespace

TEST(Mutex, an_uncontended_pair_waits_for_nobody) {
    Outcome run = boot(calm, [] {
        init_all();
        sync::MutexGuard guard(a);
        ASSERT(a.owned());
        ASSERT(!b.owned());
        ASSERT(b.try_enter());
        b.exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockAcquire>(), 2u);
    EXPECT_EQ(run.count<trace::LockRelease>(), 2u);
    EXPECT_EQ(run.count<trace::LockBlock>() + run.count<trace::LockSpin>(), 0u);
}

TEST(Mutex, misuse_panics_and_names_the_mutex) {
    Outcome exit = boot(calm, [] {
        init_all();
        a.exit();
    });
    EXPECT_TRUE(exit.panicked("mutex_exit of a, which nobody owns")) << ending(exit);
    Outcome other = boot(calm, [] {
        init_all();
        a.enter();
        spawn("thief", 1, [](void*) { a.exit(); });
    });
    EXPECT_TRUE(other.panicked("mutex_exit of a, which main owns")) << ending(other);
    Outcome again = boot(calm, [] {
        init_all();
        a.enter();
        a.enter();
    });
    EXPECT_TRUE(again.panicked("mutex_enter of a, which main owns already")) << ending(again);
    Outcome destroy = boot(calm, [] {
        init_all();
        a.enter();
        a.destroy();
    });
    EXPECT_TRUE(destroy.panicked("mutex_destroy of a, which is owned")) << ending(destroy);
    Outcome late = boot(calm, [] {
        init_all();
        a.destroy();
        a.enter();
    });
    EXPECT_TRUE(late.panicked("mutex_enter of a, which is destroyed")) << ending(late);
}

TEST(Mutex, waiting_with_preemption_disabled_panics) {
    Outcome run = boot(calm, [] {
        init_all();
        a.enter();
        spawn("waiter", 1, [](void*) {
            hart::PreemptGuard guard;
            a.enter();
        });
    });
    EXPECT_TRUE(run.panicked("mutex_enter of a has to wait with preemption disabled"))
        << ending(run);
}

TEST(Mutex, a_circle_of_waiters_is_caught_when_it_closes_and_everybody_is_named) {
    Outcome run = boot(calm, [] {
        init_all();
        a.enter();
        spawn("other", 1, [](void*) {
            b.enter();
            a.enter();
        });
        b.enter();
    });
    EXPECT_TRUE(run.panicked("deadlock: main waits for b of other, which waits for a of main"))
        << ending(run);
}

TEST(Turnstile, priority_is_lent_along_a_chain_of_three_and_taken_back) {
    Outcome run = boot(calm, [] {
        init_all();
        a.enter();
        spawn("middle", 1, [](void*) {
            sync::MutexGuard guard(b);
            sync::MutexGuard chained(a);
            ASSERT(inherited() == plus(3));
            count.add(1);
        });
        spawn("upper", 2, [](void*) {
            sync::MutexGuard guard(c);
            sync::MutexGuard chained(b);
            count.add(1);
        });
        ASSERT(inherited() == plus(2));
        spawn("top", 3, [](void*) {
            sync::MutexGuard guard(c);
            count.add(1);
        });
        ASSERT(inherited() == plus(3));
        ASSERT(count.peek() == 0);
        a.exit(); // everybody is more urgent and goes first
        ASSERT(inherited() == 0);
        ASSERT(count.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Turnstile, of_several_lenders_the_most_urgent_that_is_left_counts) {
    auto body = [] {
        init_all();
        a.enter();
        b.enter();
        spawn("of a", 2, [](void*) { sync::MutexGuard guard(a); });
        ASSERT(inherited() == plus(2));
        spawn("of b", 5, [](void*) { sync::MutexGuard guard(b); });
        ASSERT(inherited() == plus(5));
        b.exit();
        ASSERT(inherited() == plus(2));
        a.exit();
        ASSERT(inherited() == 0);
    };
    Outcome run = boot(calm, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");

    Outcome mutant = boot({.calm = quiet, .mutation = hart::Mutation::forget_lender}, body);
    EXPECT_TRUE(mutant.panicked("inherited() == plus(2)")) << ending(mutant);
}

TEST(Turnstile, an_exit_that_wakes_nobody_leaves_a_waiter_for_ever) {
    Outcome mutant = boot({.calm = quiet, .mutation = hart::Mutation::lost_exit}, [] {
        init_all();
        a.enter();
        spawn("waiter", 1, [](void*) {
            sync::MutexGuard guard(a);
            count.set(1);
        });
        a.exit();
        ASSERT(count.peek() == 1);
    });
    EXPECT_TRUE(mutant.panicked("count.peek() == 1")) << ending(mutant);
}

TEST(Turnstile, without_inheritance_nothing_is_lent) {
    Outcome run = boot({.calm = quiet, .inheritance = false}, [] {
        init_all();
        a.enter();
        spawn("waiter", 2, [](void*) { sync::MutexGuard guard(a); });
        ASSERT(inherited() == 0);
        a.exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockBlock>(), 1u);
    EXPECT_EQ(run.count<trace::Lend>(), 0u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Turnstile, all_waiters_are_woken_and_the_most_urgent_enters_first) {
    Outcome run = boot(calm, [] {
        init_all();
        a.enter();
        for (int more :
             {1, 2, 3}) // each preempts and blocks, as main is lent no more than the last had
            sched::spawn(
                {.name = "waiter", .priority = plus(more)},
                [](void* place) {
                    sync::MutexGuard guard(a);
                    ASSERT(count.add(1) == reinterpret_cast<u64>(place));
                },
                reinterpret_cast<void*>(u64{3} - static_cast<u64>(more)));
        a.exit();
        ASSERT(count.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockWake>(), 3u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Condition, signal_wakes_exactly_one_and_broadcast_all) {
    auto body = [] {
        init_all();
        for (int i = 0; i < 4; i++)
            spawn("waiter", 1, [](void*) {
                sync::MutexGuard guard(a);
                condition.wait(a);
                ASSERT(a.owned());
                count.add(1);
            });
        ASSERT(condition.has_waiters());
        condition.signal();
        ASSERT(count.peek() == 1);
        condition.broadcast();
        ASSERT(count.peek() == 4);
        ASSERT(!condition.has_waiters());
        condition.signal(); // nobody: lost, not stored
    };
    Outcome run = boot(calm, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Unsleep>(), 4u);
    EXPECT_EQ(contradiction(run), "");

    Outcome mutant = boot({.calm = quiet, .mutation = hart::Mutation::wake_several}, body);
    EXPECT_TRUE(mutant.panicked("count.peek() == 1")) << ending(mutant);
}

TEST(Condition, a_signal_wakes_the_most_urgent_waiter) {
    Outcome run = boot(calm, [] {
        init_all();
        for (int more : {1, 3, 2})
            spawn("waiter", more, [](void*) {
                sync::MutexGuard guard(a);
                condition.wait(a);
                count.set(sched::current().own);
            });
        condition.signal();
        ASSERT(count.peek() == plus(3));
    });
    ASSERT_TRUE(run.passed()) << ending(run);
}
