// SPDX-License-Identifier: BSD-2-Clause
// race, the callouts: what is torn down while its function may run, and timeouts that come late.
#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "callout/timeout.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

#include <new>

namespace scenario {

namespace {

constinit sync::Mutex mutex;

// ---- an object with a callout, and its end ------------------------------------------------------

struct Object {
    callout::Callout callout;
    bool gone = false;
    bool inside = false; // its function is
};
constinit Object object;

void work_on_object(void*) {
    ASSERT(!object.gone);
    object.inside = true;
    {
        sync::MutexGuard guard(mutex); // anything may happen in here
    }
    ASSERT(!object.gone);
    object.inside = false;
}

void work_and_arm_again(void*) {
    work_on_object(nullptr);
    static_cast<void>(object.callout.schedule(1));
}

void work_and_move(void*) {
    static_cast<void>(object.callout.schedule_on(1 % hart::hart_count, 1));
    work_on_object(nullptr);
}

void halt_it() {
    callout::pause(1);
    bool locked = hart::mutated(hart::Mutation::drains_locked);
    if (locked)
        mutex.enter();
    if (hart::mutated(hart::Mutation::stops_only))
        static_cast<void>(object.callout.stop());
    else
        static_cast<void>(object.callout.halt());
    if (locked)
        mutex.exit();
    ASSERT(!object.inside);
    object.gone = true;
}

void be_in_its_way() {
    for (unsigned i = 0; i < 2; i++) {
        sync::MutexGuard guard(mutex);
        linger(mutex);
    }
}

void tear_down(callout::Function function, unsigned removers_hart) {
    object.gone = object.inside = false;
    mutex.init("object", hart::ipl::softclock);
    object.callout.init("worker");
    static_cast<void>(object.callout.reset_on(0, 1, function, nullptr));
    play_together({{"remover", removers_hart, halt_it}, {"in its way", 1, be_in_its_way}});
    callout::pause(2); // whoever comes late finds the object gone
    check("the object is gone", object.gone);
    object.callout.destroy();
    mutex.destroy();
}

// ---- a function that is entered with a lock -----------------------------------------------------

void work_under_its_lock(void*) {
    ASSERT(mutex.owned());
    ASSERT(!object.gone);
}

/// Under the lock the answer is final.
void stop_under_its_lock() {
    callout::pause(1);
    sync::MutexGuard guard(mutex);
    object.gone = object.callout.stop() == callout::Result::cancelled;
}

// ---- a function that frees its own callout ------------------------------------------------------

constexpr u8 freed = 0xa5;
alignas(callout::Callout) constinit u8 memory[sizeof(callout::Callout)] = {};
constinit hart::Cell<bool> is_freed;

void free_itself(void* callout) {
    static_cast<callout::Callout*>(callout)->destroy();
    for (u8& byte : memory)
        byte = freed;
    is_freed.publish(true);
}

bool is_untouched() {
    for (u8 byte : memory)
        if (byte != freed)
            return false;
    return true;
}

// ---- a timeout that comes late ------------------------------------------------------------------

constinit sched::SleepQueue first_sleep;
constinit sync::Condition second_sleep;
constinit bool may_end = false; // the second sleep; protected by `mutex`

void sleep_twice() {
    {
        callout::Timeout timeout(callout::deadline_in(1));
        hart::SpinGuard guard(sched::lock);
        static_cast<void>(timeout.sleep(first_sleep, "race"));
    }
    sync::MutexGuard guard(mutex);
    if (!may_end)
        second_sleep.wait(mutex);
    ASSERT(may_end); // nobody else ends it
}

void wake_twice() {
    callout::pause(1);
    {
        hart::SpinGuard guard(sched::lock);
        static_cast<void>(first_sleep.wake_one(trace::WakeReason::signalled));
    }
    callout::pause(2);
    sync::MutexGuard guard(mutex);
    may_end = true;
    second_sleep.signal();
}

/// So that the sleeper goes on elsewhere while its timeout fires here.
void keep_a_hart_busy() {
    for (unsigned i = 0; i < 40; i++)
        arch::relax();
}

} // namespace

void race_callout() {
    tear_down(work_on_object, 1);
}

void race_own_hart() {
    tear_down(work_on_object, 0);
}

void race_self_arming() {
    tear_down(work_and_arm_again, 1);
}

void race_moving() {
    tear_down(work_and_move, 1);
}

void race_locked_callout() {
    object.gone = false;
    // Names of its own: the lock checker keeps orders of names.
    mutex.init("its lock", hart::ipl::softclock);
    object.callout.init("locked", callout::Speed::slow, mutex);
    static_cast<void>(object.callout.reset_on(0, 1, work_under_its_lock, nullptr));
    play_together({{"remover", 1, stop_under_its_lock}});
    static_cast<void>(object.callout.halt());
    check("it was stopped or it ran", true);
    object.callout.destroy();
    mutex.destroy();
}

void race_freed_callout() {
    is_freed.set(false);
    auto* callout = new (memory) callout::Callout;
    callout->init("suicidal");
    static_cast<void>(callout->reset(1, free_itself, callout));
    while (!is_freed.get())
        callout::pause(1);
    callout::pause(1);
    check("freed memory is not written to", is_untouched());
}

void race_timeout() {
    may_end = false;
    mutex.init("sleeper's");
    first_sleep.init("first");
    second_sleep.init("second");
    play_together({{"sleeper", anywhere, sleep_twice},
                   {"waker", 1, wake_twice},
                   {"busy", 0, keep_a_hart_busy}});
    check("both woke up", true);
    mutex.destroy();
}

} // namespace scenario
