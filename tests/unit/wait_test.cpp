// SPDX-License-Identifier: BSD-2-Clause
// What sleeps: semaphore, long-term lock, pool, join. And from where nothing may sleep, even when
// it would not have to wait.
#include "fold.hpp"

#include "callout/pause.hpp"
#include "callout/timeout.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/long_term_lock.hpp"
#include "sync/pool.hpp"
#include "sync/semaphore.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using trace::Hold;

constexpr Options calm{.calm = quiet};

sync::Semaphore units;
sync::LongTermLock file;
sync::Pool packets;
sync::Mutex mutex;
sync::Condition condition;
sched::Lwp* child = nullptr;
u64 memory[4];
Cell<unsigned> count;

sched::Lwp& spawn(const char* name, int more_urgent, void (*entry)(void*), bool joinable = false) {
    auto priority = static_cast<sched::Priority>(sched::kernel_priority + more_urgent);
    return sched::spawn({.name = name, .priority = priority, .joinable = joinable}, entry, nullptr);
}

void init_all() {
    units.init("units", 1);
    file.init("file");
    packets.init("packets", memory, sizeof(memory[0]), std::size(memory));
    mutex.init("mutex");
    condition.init("condition");
    child = &spawn(
        "child", 1, [](void*) {}, true); // has exited when it is joined
}

void expect_panic(void (*body)(), const std::string& sentence) {
    Outcome run = boot(calm, body);
    EXPECT_TRUE(run.panicked(sentence)) << sentence << "\n" << ending(run);
}

} // namespace

TEST(Semaphore, it_counts_and_gives_a_unit_to_who_waits_most_urgently) {
    Outcome run = boot(calm, [] {
        units.init("units", 2);
        units.wait();
        ASSERT(units.try_wait());
        ASSERT(!units.try_wait());
        for (int more : {1, 3, 2})
            spawn("waiter", more, [](void*) {
                units.wait();
                count.set(sched::current().own);
            });
        units.post();
        ASSERT(count.peek() == sched::kernel_priority + 3u);
        units.post();
        units.post();
        ASSERT(units.value() == 0);
        units.post();
        ASSERT(units.value() == 1);
        units.destroy();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Semaphore, a_timed_wait_ends_with_a_unit_or_at_its_deadline) {
    Outcome run = boot(calm, [] {
        units.init("units", 1);
        u64 deadline = callout::deadline_in(3);
        ASSERT(units.wait_until(deadline));
        ASSERT(!units.wait_until(deadline));
        ASSERT(callout::deadline_in(1) > deadline);
        spawn("giver", 0, [](void*) {
            callout::pause(1);
            units.post();
        });
        ASSERT(units.wait_until(callout::deadline_in(50)));
        ASSERT(units.value() == 0);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(LongTermLock, it_is_shared_or_exclusive_and_newcomers_stand_back_for_a_writer) {
    Outcome run = boot(calm, [] {
        file.init("file");
        file.enter(Hold::shared);
        spawn("reader", 1, [](void*) {
            file.enter(Hold::shared);
            file.exit();
            count.add(1);
        });
        ASSERT(count.peek() == 1);
        spawn("writer", 1, [](void*) {
            file.enter(Hold::exclusive);
            ASSERT(count.peek() == 1);
            count.add(1);
            file.exit();
        });
        spawn("late reader", 2, [](void*) {
            ASSERT(!file.try_enter(Hold::shared));
            file.enter(Hold::shared);
            ASSERT(count.peek() == 2);
            count.add(1);
            file.exit();
        });
        file.exit();
        ASSERT(count.peek() == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(LongTermLock, a_drain_waits_for_all_and_lets_nobody_in_afterwards) {
    auto body = [] {
        file.init("file");
        file.enter(Hold::exclusive);
        spawn("drainer", 1, [](void*) {
            file.drain();
            count.add(1);
        });
        ASSERT(count.peek() == 0);
        file.exit();
        ASSERT(count.peek() == 1);
    };
    Outcome run = boot(calm, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
    expect_panic(
        [] {
            file.init("file");
            file.drain();
            file.enter(Hold::shared);
        },
        "lockmgr of file, which is drained, by main");
}

TEST(Pool, whoever_waits_gets_the_item_that_is_put_back) {
    Outcome run = boot(calm, [] {
        using Wait = sync::Pool::Wait;
        packets.init("packets", memory, sizeof(memory[0]), 2);
        void* first = packets.get(Wait::ok);
        void* second = packets.get(Wait::no);
        ASSERT(first != second && second != nullptr);
        ASSERT(packets.get(Wait::no) == nullptr);
        spawn("waiter", 1, [](void*) {
            void* item = packets.get(Wait::ok);
            ASSERT(item == memory + 1);
            packets.put(item);
            count.add(1);
        });
        ASSERT(count.peek() == 0);
        packets.put(second);
        ASSERT(count.peek() == 1);
        packets.put(first);
        ASSERT(packets.available() == 2);
        packets.destroy();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Join, it_waits_for_the_end_and_the_lwp_is_used_again_only_then) {
    Outcome run = boot({.harts = 2, .seed = 5}, [] {
        sched::Lwp& first = spawn(
            "first", 0,
            [](void*) {
                callout::pause(2);
                count.add(1);
            },
            true);
        sched::join(first);
        ASSERT(count.peek() == 1);
        ASSERT(!first.exists());
        sched::Lwp& second = spawn(
            "second", 1, [](void*) {}, true);
        callout::pause(1);
        sched::join(second); // it is over already
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Misuse, of_what_sleeps_is_caught_and_named) {
    expect_panic([] { units.wait(); }, "sema_wait by main of something that is not initialised");
    expect_panic([] { condition.signal(); },
                 "cv_signal by main of something that is not initialised");
    expect_panic(
        [] {
            units.init("units", 0);
            units.init("more units", 0);
        },
        "a sleep queue is initialised as more units, but it is units already");
    expect_panic(
        [] {
            init_all();
            units.wait();
            spawn("waiter", 1, [](void*) { units.wait(); });
            units.destroy();
        },
        "sema_destroy of units, on which waiter sleeps");
    expect_panic(
        [] {
            init_all();
            spawn("waiter", 1, [](void*) {
                sync::MutexGuard guard(mutex);
                condition.wait(mutex);
            });
            condition.destroy();
        },
        "cv_destroy of condition, on which waiter sleeps");
    expect_panic(
        [] {
            init_all();
            condition.wait(mutex);
        },
        "cv_wait of condition by main, which does not own mutex");
    expect_panic(
        [] {
            init_all();
            file.enter(Hold::shared);
            file.enter(Hold::exclusive);
        },
        "lockmgr of file, which main holds already");
    expect_panic(
        [] {
            init_all();
            file.exit();
        },
        "lockmgr release of file, which main does not hold");
    expect_panic(
        [] {
            init_all();
            packets.put(&count);
        },
        "pool_put to packets, by main, of what is none of its items");
    expect_panic(
        [] {
            init_all();
            packets.put(memory + 1);
        },
        "pool_put to packets, by main, of item 1, which is not out");
    expect_panic([] { sched::join(sched::current()); }, "kthread_join of main by itself");
    expect_panic(
        [] {
            init_all();
            sched::join(*child);
            sched::join(*child);
        },
        "kthread_join of child by main: it is not joinable, or has been joined");
}

// ---- from where nothing may sleep ---------------------------------------------------------------

namespace {

struct Primitive {
    const char* name;
    void (*use)(); // what it waits for is there: it would not have to wait
};

constexpr Primitive primitives[] = {
    {"cv_wait", [] { condition.wait(mutex); }},
    {"cv_timedwait", [] { static_cast<void>(condition.wait_for(mutex, 1)); }},
    {"pause", [] { callout::pause(1); }},
    {"sema_wait", [] { units.wait(); }},
    {"sema_timedwait", [] { static_cast<void>(units.wait_until(callout::deadline_in(1))); }},
    {"lockmgr", [] { file.enter(Hold::shared); }},
    {"pool_get(PR_WAITOK)", [] { static_cast<void>(packets.get(sync::Pool::Wait::ok)); }},
    {"kthread_join", [] { sched::join(*child); }},
};

const Primitive* tried = nullptr; // inherited by the child that boots

irq::Served on_line(void*) {
    tried->use();
    return irq::Served::yes;
}
irq::Handler handler{
    .name = "ether0", .line = trace::LineId{3}, .level = hart::ipl::net, .function = on_line};
irq::Softint softint;

class Forbidden : public testing::TestWithParam<Primitive> {
protected:
    void expect(void (*body)(), const std::string& where) {
        tried = &GetParam();
        expect_panic(body, std::string(tried->name) + where);
    }
};

} // namespace

TEST_P(Forbidden, in_an_interrupt_handler) {
    expect(
        [] {
            init_all();
            irq::attach(handler);
            fire(3);
        },
        " in ether0, which runs in intr.net/0");
}

TEST_P(Forbidden, in_a_softint) {
    expect(
        [] {
            init_all();
            softint.establish(
                "protocol", hart::ipl::softnet, [](void*) { tried->use(); }, nullptr);
            hart::PreemptGuard guard;
            softint.schedule();
        },
        " in protocol, which runs in softnet/0");
}

TEST_P(Forbidden, with_preemption_disabled) {
    expect(
        [] {
            init_all();
            hart::PreemptGuard guard;
            tried->use();
        },
        " by main with preemption disabled");
}

TEST_P(Forbidden, with_a_spin_mutex_held) {
    expect(
        [] {
            static hart::SpinMutex spin{"spin", hart::ipl::bio};
            init_all();
            hart::SpinGuard guard(spin);
            tried->use();
        },
        " by main with a spin mutex held");
}

TEST_P(Forbidden, at_a_raised_level) {
    expect(
        [] {
            init_all();
            hart::LevelGuard guard(hart::ipl::net);
            tried->use();
        },
        " by main at level net");
}

TEST_P(Forbidden, in_the_timer_interrupt) {
    expect(
        [] {
            init_all();
            hart::IrqGuard masked;
            hart::self().in_timer = true;
            tried->use();
        },
        " in the timer interrupt");
}

INSTANTIATE_TEST_SUITE_P(Wait, Forbidden, testing::ValuesIn(primitives),
                         [](const auto& info) { return "case_" + std::to_string(info.index); });
