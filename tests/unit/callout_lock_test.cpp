// SPDX-License-Identifier: BSD-2-Clause
// Fast and slow callouts with every lock (S4.1 … S4.6): the function is entered with its lock held,
// in the mode that was asked for; what cannot work is refused at once.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using callout::Interlock;
using callout::Result;
using callout::Speed;
using trace::Hold;

constexpr Options calm{.calm = quiet};

callout::Callout timer;
sync::Mutex mutex, spinning;
sync::RwLock rw;
sync::ReadMostlyLock read_mostly;
hart::SpinMutex clock_spin{"clock level", hart::ipl::clock};
hart::SpinMutex net_spin{"net level", hart::ipl::net};
hart::SpinMutex high_spin{"high level", hart::ipl::high};
hart::Cell<unsigned> calls;
hart::Cell<bool> in_timer;

void init_locks() {
    mutex.init("mutex");
    spinning.init("spinning", hart::ipl::clock);
    rw.init("rw");
    read_mostly.init("read-mostly");
}

/// Arms the timer with this lock, waits for it, and asserts in the function that `held` holds.
template <class Held> void runs_with(Speed speed, const Interlock& lock, Held held) {
    static Held holds = held;
    timer.init("timer", speed, lock);
    calls.set(0);
    static_cast<void>(timer.reset(
        1,
        [](void*) {
            ASSERT(holds());
            in_timer.set(hart::self().in_timer);
            calls.add(1);
        },
        nullptr));
    callout::pause(3);
    ASSERT(calls.peek() == 1);
    ASSERT(in_timer.peek() == (speed == Speed::fast)); // S4.1
    timer.destroy();
}

void refused(void (*body)(), const std::string& sentence) {
    Outcome run = boot(calm, body);
    EXPECT_TRUE(run.panicked(sentence)) << ending(run);
}

} // namespace

TEST(CalloutLock, the_function_is_entered_with_its_lock_held_at_both_speeds) {
    Outcome run = boot(calm, [] {
        init_locks();
        runs_with(Speed::slow, {}, [] { return arch::current().spin_depth == 0; });
        runs_with(Speed::fast, {}, [] { return arch::current().spin_depth == 0; });
        runs_with(Speed::slow, clock_spin, [] { return clock_spin.held(); });
        runs_with(Speed::slow, net_spin,
                  [] { return net_spin.held() && arch::current().level == hart::ipl::net; });
        runs_with(Speed::fast, clock_spin, [] { return clock_spin.held(); });
        runs_with(Speed::slow, spinning, [] { return spinning.owned(); });
        runs_with(Speed::fast, spinning, [] { return spinning.owned(); });
        runs_with(Speed::slow, mutex, [] { return mutex.owned(); });
        runs_with(Speed::slow, {rw, Hold::exclusive}, [] { return rw.write_held(); });
        runs_with(Speed::slow, {rw, Hold::shared}, [] { return rw.read_held(); });
        runs_with(Speed::slow, {read_mostly, Hold::exclusive},
                  [] { return read_mostly.write_held(); });
        runs_with(Speed::slow, {read_mostly, Hold::shared}, [] { return read_mostly.read_held(); });
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(CalloutLock, what_cannot_work_is_refused_at_init_with_a_reason) {
    refused(
        [] {
            init_locks();
            timer.init("timer", Speed::fast, mutex);
        },
        "callout_init of timer with mutex: a fast callout runs in the timer interrupt, which "
        "cannot wait for it");
    refused(
        [] {
            init_locks();
            timer.init("timer", Speed::fast, {rw, Hold::shared});
        },
        "callout_init of timer with rw: a fast callout");
    refused(
        [] {
            init_locks();
            timer.init("timer", Speed::fast, {read_mostly, Hold::exclusive});
        },
        "callout_init of timer with read-mostly: a fast callout");
    refused([] { timer.init("timer", Speed::fast, net_spin); }, "below the clock's");
    refused([] { timer.init("timer", Speed::slow, high_spin); }, "above the clock's");
}

TEST(CalloutLock, who_holds_the_lock_shared_gets_no_definitive_stop) {
    Outcome run = boot({.harts = 2, .calm = quiet}, [] { // S4.5
        static hart::Cell<bool> go_on;
        rw.init("rw");
        timer.init("timer", Speed::slow, {rw, Hold::shared});
        static_cast<void>(timer.reset_on(
            1 - hart::here(), 1,
            [](void*) {
                calls.add(1);
                while (!go_on.peek())
                    arch::relax();
            },
            nullptr));
        while (calls.peek() == 0)
            arch::relax();
        {
            sync::ReadGuard guard(rw); // both are inside
            ASSERT(timer.stop() == Result::running);
        }
        go_on.set(true);
        sync::WriteGuard guard(rw); // now nobody is
        ASSERT(timer.stop() == Result::not_pending);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(CalloutLock, a_function_that_leaves_something_behind_is_named) {
    Outcome run = boot(calm, [] {
        timer.init("leaky");
        static_cast<void>(timer.reset(
            1, [](void*) { static_cast<void>(net_spin.enter()); }, nullptr));
        callout::pause(3);
    });
    EXPECT_TRUE(run.panicked("callout leaky returned with 1 more spin mutexes held"))
        << ending(run);
    run = boot(calm, [] {
        timer.init("leaky");
        static_cast<void>(timer.reset(
            1, [](void*) { hart::preempt_disable(); }, nullptr));
        callout::pause(3);
    });
    EXPECT_TRUE(run.panicked("callout leaky returned with preemption disabled")) << ending(run);
}

TEST(CalloutLock, a_fast_function_that_would_wait_for_a_mutex_panics) {
    Outcome run = boot(calm, [] {
        mutex.init("mutex");
        timer.init("timer", Speed::fast);
        static_cast<void>(timer.reset(
            1, [](void*) { mutex.enter(); }, nullptr));
        sync::MutexGuard guard(mutex);
        while (true)
            arch::relax();
    });
    EXPECT_TRUE(run.panicked("mutex_enter of mutex")) << ending(run);
}
