// SPDX-License-Identifier: BSD-2-Clause
// The read-mostly lock: what reading costs, how a writer finds its readers, and what it refuses.
#include "fold.hpp"

#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"
#include "sync/read_mostly.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using Tracker = sync::ReadMostlyLock::Tracker;

constexpr Options calm{.calm = quiet};

sync::ReadMostlyLock routes;
sync::Mutex gate;
Cell<unsigned> step;
bool changing; // protected by `routes`

constexpr sched::Priority plus(int more) {
    return static_cast<sched::Priority>(sched::kernel_priority + more);
}
void spawn(const char* name, int more_urgent, void (*entry)(void*)) {
    sched::spawn({.name = name, .priority = plus(more_urgent)}, entry, nullptr);
}

void expect_panic(void (*body)(), const char* sentence) {
    Outcome run = boot(calm, body);
    EXPECT_TRUE(run.panicked(sentence)) << sentence << "\n" << ending(run);
}

/// Reads until told to stop, on the hart that it is bound to.
void read_until_told(void*) {
    Tracker tracker;
    routes.enter_read(tracker);
    step.add(1);
    while (step.get() < 100)
        arch::relax();
    ASSERT(!changing);
    step.add(1);
    routes.exit_read(tracker);
}

} // namespace

TEST(ReadMostly, a_reader_waits_for_nobody_and_interrupts_nobody) {
    Outcome run = boot(calm, [] {
        routes.init("routes");
        for (int i = 0; i < 3; i++) {
            Tracker tracker;
            routes.enter_read(tracker);
            ASSERT(routes.read_held() && !routes.write_held());
            routes.exit_read(tracker);
            ASSERT(!routes.read_held());
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::Ipi>(), 0u);
    EXPECT_EQ(run.count<trace::LockAcquire>(), 3u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(ReadMostly, a_writer_waits_for_a_reader_and_lends_it_its_priority) {
    Outcome run = boot(calm, [] {
        routes.init("routes");
        Tracker tracker;
        routes.enter_read(tracker);
        spawn("writer", 7, [](void*) {
            routes.enter_write();
            ASSERT(routes.write_held());
            routes.exit_write();
            step.set(1);
        });
        ASSERT(step.peek() == 0);
        ASSERT(sched::current().inherited == plus(7));
        routes.exit_read(tracker);
        ASSERT(step.peek() == 1);
        ASSERT(sched::current().inherited == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(ReadMostly, a_reader_that_meets_a_writer_waits_and_gets_its_hart_the_token_back) {
    Outcome run = boot(calm, [] {
        routes.init("routes");
        routes.enter_write();
        spawn("reader", 3, [](void*) {
            Tracker tracker;
            ASSERT(!routes.try_enter_read(tracker));
            routes.enter_read(tracker);
            routes.exit_read(tracker);
            ASSERT(routes.try_enter_read(tracker));
            routes.exit_read(tracker);
            step.set(1);
        });
        ASSERT(step.peek() == 0);
        ASSERT(sched::current().inherited == plus(3));
        routes.exit_write();
        ASSERT(step.peek() == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(ReadMostly, a_writer_interrupts_the_harts_that_hold_tokens_and_waits_for_all_their_readers) {
    auto body = [] {
        routes.init("routes");
        for (u16 hart = 0; hart < 3; hart++)
            sched::spawn({.name = "reader", .home = hart::hart_id(hart)}, read_until_told, nullptr);
        while (step.get() < 3)
            callout::pause(1);
        spawn("teller", 1, [](void*) {
            callout::pause(3);
            step.set(100);
        });
        routes.enter_write();
        changing = true;
        ASSERT(step.get() == 103);
        changing = false;
        routes.exit_write();
    };
    for (unsigned long seed = 1; seed < 6; seed++) {
        Outcome run = boot({.harts = 4, .seed = seed}, body);
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_GE(run.count<trace::Ipi>(), 3u);
        EXPECT_EQ(contradiction(run), "");
    }
    Outcome mutant = boot({.harts = 4, .mutation = hart::Mutation::skip_ipi}, body);
    EXPECT_FALSE(mutant.passed()) << "a writer that does not ask finds readers inside";
    EXPECT_NE(contradiction(mutant), "");
}

TEST(ReadMostly, a_reader_is_not_moved_to_another_hart_when_it_is_preempted) {
    Outcome run = boot({.harts = 2, .seed = 3}, [] {
        routes.init("routes");
        spawn("reader", 0, [](void*) {
            Tracker tracker;
            routes.enter_read(tracker);
            unsigned here = hart::here();
            for (int i = 0; i < 200; i++) {
                sched::yield();
                ASSERT(hart::here() == here);
            }
            routes.exit_read(tracker);
            step.set(1);
        });
        while (step.get() == 0)
            sched::yield();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(ReadMostly, misuse_panics_and_names_lock_and_caller) {
    expect_panic(
        [] {
            Tracker tracker;
            routes.enter_read(tracker);
        },
        "rm_rlock of a lock that is not initialised, by main");
    expect_panic(
        [] {
            routes.init("routes");
            Tracker first, second;
            routes.enter_read(first);
            routes.enter_read(second);
        },
        "rm_rlock of routes by main, which reads it already");
    expect_panic(
        [] {
            routes.init("routes");
            Tracker tracker;
            routes.enter_read(tracker);
            routes.enter_write();
        },
        "rm_wlock of routes by main, which reads it already");
    expect_panic(
        [] {
            routes.init("routes");
            Tracker tracker;
            routes.exit_read(tracker);
        },
        "rm_runlock of routes, which main does not hold");
    expect_panic(
        [] {
            routes.init("routes");
            Tracker first, second;
            routes.enter_read(first);
            routes.exit_read(second);
        },
        "rm_runlock of routes by main with another tracker");
    expect_panic(
        [] {
            routes.init("routes");
            static Tracker tracker;
            routes.enter_read(tracker);
            routes.destroy();
        },
        "rm_destroy of routes, which main reads");
    expect_panic(
        [] {
            routes.init("routes");
            hart::PreemptGuard guard;
            routes.enter_write();
        },
        "rm_wlock of routes has to wait with preemption disabled");
}

TEST(ReadMostly, who_reads_must_not_sleep) {
    expect_panic(
        [] {
            routes.init("routes");
            Tracker tracker;
            routes.enter_read(tracker);
            callout::pause(1);
        },
        "pause by main, which reads routes");
}
