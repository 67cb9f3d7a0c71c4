// SPDX-License-Identifier: BSD-2-Clause
// The lock checker: what it reports before it happens, what it refuses, and what it lets pass.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/report.hpp"
#include "hart/spin_mutex.hpp"
#include "irq/irq.hpp"
#include "lockcheck/order.hpp"
#include "lockcheck/selftest.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using trace::ReportKind;

constexpr Options calm{.calm = quiet};

sync::Mutex a, b, c;
hart::SpinMutex low("low", hart::ipl::bio), high("high", hart::ipl::serial);
Cell<unsigned> step;

void init_all() {
    a.init("a");
    b.init("b");
    c.init("c");
}

void enter_both(sync::Mutex& first, sync::Mutex& second) {
    sync::MutexGuard outer(first);
    sync::MutexGuard inner(second);
}

/// Reports of this kind, of which all must be.
size_t reports(const Outcome& run, ReportKind kind) {
    for (size_t place : run.places<trace::Report>())
        EXPECT_EQ(run.events[place].as<trace::Report>().kind, kind) << run.console;
    return run.count<trace::Report>();
}

bool says(const Outcome& run, const std::string& sentence) {
    return run.console.find(sentence) != std::string::npos;
}

} // namespace

// ---- orders -------------------------------------------------------------------------------------

TEST(LockOrder, two_mutexes_in_both_orders_are_reported_once_with_both_paths) {
    Outcome run = boot(calm, [] {
        init_all();
        for (int round = 0; round < 3; round++) {
            enter_both(a, b);
            enter_both(b, a); // nobody else is there: no deadlock, and reported all the same
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(reports(run, ReportKind::lock_order), 1u) << run.console;
    EXPECT_TRUE(says(run, "main, which had b since tests/unit/lockcheck_test.cpp:")) << run.console;
    EXPECT_TRUE(says(run, "main, which had a since tests/unit/lockcheck_test.cpp:")) << run.console;
    EXPECT_EQ(contradiction(run), "");
}

TEST(LockOrder, a_circle_of_three_is_reported_where_it_closes) {
    Outcome run = boot(calm, [] {
        init_all();
        enter_both(a, b);
        enter_both(b, c);
        ASSERT(lockcheck::order_counts().edges >= 2);
        enter_both(c, a);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(reports(run, ReportKind::lock_order), 1u) << run.console;
    EXPECT_TRUE(says(run, "c, a, b")) << run.console;
}

TEST(LockOrder, one_order_by_everybody_is_never_reported) {
    Outcome run = boot({.harts = 3, .calm = 3}, [] {
        init_all();
        for (int i = 0; i < 4; i++)
            sched::spawn(
                {.name = "visitor"},
                [](void*) {
                    for (int round = 0; round < 5; round++) {
                        enter_both(a, b);
                        enter_both(b, c);
                        enter_both(a, c);
                    }
                    step.add(1);
                },
                nullptr);
        while (step.peek() < 4)
            sched::yield();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 0u) << run.console;
}

TEST(LockOrder, a_try_may_go_against_the_order_but_what_follows_it_may_not) {
    Outcome run = boot(calm, [] {
        init_all();
        enter_both(a, b);
        {
            sync::MutexGuard guard(b);
            ASSERT(a.try_enter());
            a.exit();
        }
        enter_both(b, c);
        ASSERT(c.try_enter());
        a.enter(); // against a, b, c
        a.exit();
        c.exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(reports(run, ReportKind::lock_order), 1u) << run.console;
}

TEST(LockOrder, locks_of_one_name_are_one_class_and_have_no_order_among_themselves) {
    Outcome run = boot(calm, [] {
        a.init("twin");
        b.init("twin");
        enter_both(a, b);
        enter_both(b, a);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(reports(run, ReportKind::lock_order), 1u) << run.console;
    EXPECT_TRUE(says(run, "two locks of one class")) << run.console;
}

TEST(LockOrder, mutexes_may_be_left_in_any_order) {
    Outcome run = boot(calm, [] {
        init_all();
        auto before = lockcheck::order_counts().edges;
        a.enter();
        b.enter();
        a.exit();
        c.enter(); // after b, not after a
        c.exit();
        b.exit();
        ASSERT(lockcheck::order_counts().edges == before + 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 0u) << run.console;
}

TEST(LockOrder, switched_off_it_reports_nothing) {
    Outcome run = boot({.calm = quiet, .lockcheck = false}, [] {
        init_all();
        enter_both(a, b);
        enter_both(b, a);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 0u);
    EXPECT_EQ(run.count<trace::LockAcquire>(), 4u);
}

TEST(LockOrder, blinded_by_a_mutation_it_misses_what_it_is_there_for) {
    Outcome run = boot({.calm = quiet, .mutation = hart::Mutation::blind_order}, [] {
        init_all();
        enter_both(a, b);
        enter_both(b, a);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(), 0u);
}

TEST(LockOrder, an_lwp_with_too_many_locks_switches_the_checker_off_and_says_so) {
    static sync::Mutex many[lockcheck::max_held + 1];
    Outcome run = boot(calm, [] {
        static constexpr const char* names[] = {"m00", "m01", "m02", "m03", "m04", "m05",
                                                "m06", "m07", "m08", "m09", "m10", "m11",
                                                "m12", "m13", "m14", "m15", "m16"};
        static_assert(std::size(names) == std::size(many));
        for (size_t i = 0; i < std::size(many); i++)
            many[i].init(names[i]);
        for (sync::Mutex& mutex : many)
            mutex.enter();
        for (sync::Mutex& mutex : many)
            mutex.exit();
        ASSERT(!lockcheck::armed());
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_TRUE(says(run, "lockcheck: switched off: an LWP holds too many locks")) << run.console;
}

// ---- contexts -----------------------------------------------------------------------------------

TEST(LockContext, a_mutex_with_a_spin_mutex_held_is_refused_although_it_is_free) {
    Outcome run = boot(calm, [] {
        init_all();
        hart::SpinGuard guard(high);
        a.enter();
    });
    EXPECT_TRUE(run.panicked("a is entered by main with the spin mutex high held since "))
        << ending(run);
    EXPECT_TRUE(says(run, "a was initialised by main at ")) << run.console;
}

TEST(LockContext, a_spin_mutex_from_above_its_level_is_refused) {
    Outcome run = boot(calm, [] {
        hart::SpinGuard outer(high);
        hart::SpinGuard inner(low);
    });
    EXPECT_TRUE(run.panicked("spin mutex low of level bio is entered at level serial"))
        << ending(run);
}

TEST(LockContext, recursion_is_refused_and_says_where_it_was_entered_first) {
    Outcome run = boot(calm, [] {
        init_all();
        a.enter();
        a.enter();
    });
    EXPECT_TRUE(run.panicked("mutex_enter of a, which main owns already")) << ending(run);
    EXPECT_TRUE(says(run, "a was last entered by main at tests/unit/lockcheck_test.cpp:"))
        << run.console;
}

// ---- who waits for whom -------------------------------------------------------------------------

namespace {

/// Enters the first, waits until the other LWP has entered its own, then wants that.
void cross(sync::Mutex& first, sync::Mutex& second) {
    first.enter();
    step.add(1);
    while (step.peek() != 2)
        arch::relax();
    second.enter();
}

} // namespace

TEST(Deadlock, of_two_lwps_that_spin_for_each_other_is_found_though_nobody_blocks) {
    Outcome run = boot({.harts = 3, .calm = quiet}, [] {
        init_all();
        hart::PreemptGuard stay;
        trace::HartId first = hart::hart_id((hart::here() + 1) % 3);
        trace::HartId second = hart::hart_id((hart::here() + 2) % 3);
        sched::spawn(
            {.name = "one", .home = first}, [](void*) { cross(a, b); }, nullptr);
        sched::spawn(
            {.name = "other", .home = second}, [](void*) { cross(b, a); }, nullptr);
        while (hart::reports(ReportKind::deadlock) == 0)
            arch::relax();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_TRUE(says(run, "one waits for b of other, which waits for a of one")
                || says(run, "other waits for a of one, which waits for b of other"))
        << ending(run);
}

TEST(Deadlock, of_who_waits_for_a_function_that_wants_his_lock_names_both) {
    static lockcheck::Record function;
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        init_all();
        lockcheck::init(function, "f", lockcheck::Nature::function, 0, lockcheck::Site::here());
        a.enter();
        sched::spawn(
            {.name = "runner", .home = hart::hart_id(hart::here() ^ 1)},
            [](void*) {
                lockcheck::Inside inside(function);
                step.set(1);
                sync::MutexGuard guard(a);
            },
            nullptr);
        while (step.peek() != 1)
            sched::yield();
        lockcheck::entering(function, trace::Hold::exclusive, lockcheck::Site::here());
        lockcheck::Waiting waiting(function);
        for (int i = 0; i < 200; i++)
            arch::relax();
    });
    EXPECT_TRUE(says(run, "runner waits for a of main, which waits for f of runner")
                || says(run, "main waits for f of runner, which waits for a of main"))
        << ending(run);
}

// ---- the self-test ------------------------------------------------------------------------------

namespace {

void run_selftest() {
    lockcheck::SelftestResult result = lockcheck::selftest();
    ASSERT(result.expected > 50);
    ASSERT(result.unexpected == 0);
}

} // namespace

TEST(LockSelftest, everything_wrong_is_found_and_nothing_else_in_every_model) {
    for (trace::Model model : {trace::Model::borrow, trace::Model::thread, trace::Model::classic}) {
        Outcome run =
            boot({.harts = 2, .calm = quiet, .interrupts = {.model = model}}, run_selftest);
        EXPECT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(run.count<trace::Report>(), 0u) << "what is expected is counted, not told";
    }
}

TEST(LockSelftest, fails_when_the_checker_learns_no_orders) {
    Outcome run = boot({.calm = quiet, .mutation = hart::Mutation::blind_order}, run_selftest);
    EXPECT_TRUE(run.panicked("result.unexpected == 0")) << ending(run);
    EXPECT_TRUE(says(run, "WRONG")) << run.console;
}
