// SPDX-License-Identifier: BSD-2-Clause
// kernel_lock: it nests, it excludes the other harts, it is given up to wait, and it is in nobody's
// way.
#include "fold.hpp"

#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/mutex.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using sync::kernel_lock;

constexpr Options calm{.calm = quiet};

sync::Mutex a;
Cell<unsigned> step, inside, rounds;

void spawn_on(unsigned hart, const char* name, void (*entry)(void*)) {
    sched::spawn({.name = name, .home = hart::hart_id(hart)}, entry, nullptr);
}

void expect_panic(void (*body)(), const char* sentence) {
    Outcome run = boot(calm, body);
    EXPECT_TRUE(run.panicked(sentence)) << sentence << "\n" << ending(run);
}

irq::Handler handler{
    .name = "old driver", .line = trace::LineId{3}, .level = hart::ipl::net, .function = [](void*) {
        sync::KernelGuard guard;
        ASSERT(kernel_lock.holds() == 1);
        step.add(1);
        return irq::Served::yes;
    }};

} // namespace

TEST(KernelLock, it_nests_and_the_trace_shows_one_acquisition) {
    Outcome run = boot(calm, [] {
        kernel_lock.enter();
        kernel_lock.enter();
        ASSERT(kernel_lock.holds() == 2);
        kernel_lock.exit();
        ASSERT(kernel_lock.held_by_me());
        kernel_lock.exit();
        ASSERT(!kernel_lock.held_by_me());
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockAcquire>(), 1u);
    EXPECT_EQ(run.count<trace::LockRelease>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(KernelLock, one_hart_at_a_time_is_inside) {
    for (unsigned long seed = 1; seed < 8; seed++) {
        Outcome run = boot({.harts = 4, .seed = seed}, [] {
            for (unsigned i = 0; i < 4; i++)
                spawn_on(i, "worker", [](void*) {
                    for (int round = 0; round < 8; round++) {
                        sync::KernelGuard guard;
                        ASSERT(inside.add(1) == 0);
                        arch::preemption_point();
                        inside.set(0);
                        rounds.add(1);
                    }
                });
            while (rounds.get() < 32)
                callout::pause(1);
        });
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(contradiction(run), "");
    }
}

TEST(KernelLock, all_holds_are_given_up_to_sleep_and_had_again_before_going_on) {
    auto body = [] {
        spawn_on(0, "sleeper", [](void*) {
            kernel_lock.enter(3);
            step.set(1);
            callout::pause(5);
            ASSERT(kernel_lock.holds() == 3);
            ASSERT(step.get() == 2); // another hart has had it meanwhile
            for (int i = 0; i < 3; i++)
                kernel_lock.exit();
            step.set(3);
        });
        spawn_on(1, "other", [](void*) {
            while (step.get() != 1)
                callout::pause(1);
            sync::KernelGuard guard;
            step.set(2);
        });
        while (step.get() != 3)
            callout::pause(1);
    };
    Outcome run = boot({.harts = 2, .calm = quiet}, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");

    Outcome mutant =
        boot({.harts = 2, .calm = quiet, .mutation = hart::Mutation::keep_big_lock}, body);
    EXPECT_TRUE(mutant.panicked("kernel_lock.holds() == 3") || mutant.panicked("step.get() == 2"))
        << ending(mutant);
}

TEST(KernelLock, in_either_order_with_a_mutex_there_is_no_deadlock) {
    for (unsigned long seed = 1; seed < 20; seed++) {
        Outcome run = boot({.harts = 2, .seed = seed}, [] {
            a.init("a");
            spawn_on(0, "mutex first", [](void*) {
                for (int i = 0; i < 10; i++) {
                    sync::MutexGuard mutex(a);
                    sync::KernelGuard big;
                    ASSERT(inside.add(1) == 0);
                    inside.set(0);
                }
                rounds.add(1);
            });
            spawn_on(1, "kernel_lock first", [](void*) {
                for (int i = 0; i < 10; i++) {
                    sync::KernelGuard big;
                    sync::MutexGuard mutex(a);
                    ASSERT(inside.add(1) == 0);
                    inside.set(0);
                }
                rounds.add(1);
            });
            while (rounds.get() < 2)
                callout::pause(1);
        });
        ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
        EXPECT_EQ(contradiction(run), "");
        EXPECT_EQ(run.count<trace::Report>(), 0u) << "a circle through kernel_lock opens by itself";
    }
}

TEST(KernelLock, its_holder_is_not_preempted_and_what_was_refused_is_made_up_for) {
    Outcome run = boot(calm, [] {
        kernel_lock.enter();
        sched::spawn(
            {.name = "urgent", .priority = sched::realtime_priority}, [](void*) { step.set(1); },
            nullptr);
        ASSERT(step.peek() == 0);
        kernel_lock.exit();
        ASSERT(step.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.places<trace::PreemptRefused>([](const trace::PreemptRefused& event) {
                     return event.why == trace::Refusal::kernel_lock;
                 })
                  .size(),
              1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(KernelLock, a_handler_on_the_hart_that_has_it_has_it_too) {
    Outcome run = boot(calm, [] {
        irq::attach(handler);
        sync::KernelGuard guard;
        fire(3);
        ASSERT(step.peek() == 1);
        ASSERT(kernel_lock.holds() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(KernelLock, a_handler_waits_for_the_hart_that_has_it) {
    Outcome run = boot({.harts = 2}, [] {
        irq::attach(handler, 1);
        spawn_on(0, "holder", [](void*) {
            kernel_lock.enter();
            fire(3);
            for (int i = 0; i < 300; i++)
                arch::relax();
            ASSERT(step.peek() == 0);
            kernel_lock.exit();
        });
        while (step.get() == 0)
            callout::pause(1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockSpin>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(KernelLock, misuse_panics_and_names_the_caller) {
    expect_panic([] { kernel_lock.exit(); },
                 "kernel_lock is released by main, which does not hold it");
    expect_panic(
        [] {
            static hart::SpinMutex spin{"spin", hart::ipl::serial};
            hart::SpinGuard guard(spin);
            kernel_lock.enter();
        },
        "kernel_lock is wanted by main with a spin mutex held");
    expect_panic(
        [] {
            sched::spawn(
                {.name = "leaver", .priority = sched::realtime_priority},
                [](void*) { kernel_lock.enter(); }, nullptr);
        },
        "leaver exits holding kernel_lock");
}
