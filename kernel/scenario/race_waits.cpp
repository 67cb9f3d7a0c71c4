// SPDX-License-Identifier: BSD-2-Clause
// race, waiting and calling back: conditions, handlers, softints and callouts.
#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/softint.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

namespace scenario {

namespace {

constinit sync::Mutex mutex;

/// What must come, comes, however late: if not, the run never ends, and that is a failure.
void wait_until(bool (*done)()) {
    while (!done())
        callout::pause(1);
}

// ---- condition ----------------------------------------------------------------------------------

constinit sync::Condition arrived;
constinit u32 waiting = 0, tokens = 0; // protected by `mutex`
constexpr u32 takers = 2;

bool all_wait() {
    sync::MutexGuard guard(mutex);
    return waiting == takers;
}

void give_tokens() {
    wait_until(all_wait);
    for (u32 i = 0; i < takers; i++) {
        sync::MutexGuard guard(mutex);
        tokens++;
        arrived.signal();
    }
}

/// Each signal is for one, so whoever wakes up finds a token.
void take_token() {
    sync::MutexGuard guard(mutex);
    waiting++;
    arrived.wait(mutex);
    ASSERT(tokens > 0);
    tokens--;
}

// ---- handler ------------------------------------------------------------------------------------

constinit u32 received = 0; // protected by `mutex`

void receive(u8) {
    sync::MutexGuard guard(mutex);
    received++;
}

void interrupt_yourself() {
    sync::MutexGuard guard(mutex);
    dev::uart.loop('1');
}

void be_in_the_way_of(sync::Mutex& which) {
    sync::MutexGuard guard(which);
    callout::pause(1);
}

void be_in_the_way() {
    be_in_the_way_of(mutex);
}

// ---- softint ------------------------------------------------------------------------------------

constinit sync::Mutex softints_mutex;
constinit irq::Softint softint;
constinit hart::Cell<u32> scheduled, seen; // seen: the count of schedules that the last run saw

void on_softint(void*) {
    sync::MutexGuard guard(softints_mutex);
    seen.set(scheduled.get());
}

void schedule_twice() {
    for (unsigned i = 0; i < 2; i++) {
        hart::PreemptGuard guard;
        scheduled.add(1);
        softint.schedule();
    }
}

// ---- callout ------------------------------------------------------------------------------------

/// Something that a callout works on, and that is gone after halt.
struct Object {
    callout::Callout callout;
    bool gone = false;
    bool inside = false;
    u32 runs = 0;
};
constinit Object object;

void work_on_object(void*) {
    ASSERT(!object.gone);
    object.inside = true;
    {
        sync::MutexGuard guard(mutex); // anything may happen in here
        object.runs++;
    }
    ASSERT(!object.gone);
    object.inside = false;
}

void work_and_arm_again(void*) {
    work_on_object(nullptr);
    static_cast<void>(object.callout.schedule(1));
}

/// Not asleep: what wakes sleepers is softclock, which may be waiting for this very mutex.
void be_in_its_way() {
    for (unsigned i = 0; i < 2; i++) {
        sync::MutexGuard guard(mutex);
        arch::relax();
    }
}

void halt_it() {
    callout::pause(1);
    static_cast<void>(object.callout.halt());
    ASSERT(!object.inside);
    object.gone = true;
}

void arm_it() {
    static_cast<void>(object.callout.reset(1, work_on_object, nullptr));
}

void arm_it_for_ever() {
    static_cast<void>(object.callout.reset(1, work_and_arm_again, nullptr));
}

void tear_down(void (*arm)()) {
    object.gone = false;
    mutex.init("object");
    object.callout.init("worker");
    arm();
    play_together({{"remover", 1, halt_it}, {"in the way", 0, be_in_its_way}});
    callout::pause(2); // whoever comes late finds the object gone
    check("the object is gone", object.gone);
    object.callout.destroy();
    mutex.destroy();
}

} // namespace

void race_condition() {
    mutex.init("tokens");
    arrived.init("arrived");
    play_together({{"giver", 0, give_tokens}, {"a", 1, take_token}, {"b", 0, take_token}});
    check("no token is left", tokens == 0, tokens);
    mutex.destroy();
}

void race_handler() {
    mutex.init("bytes");
    dev::uart.set_receiver(receive);
    play_together({{"victim", 0, interrupt_yourself}, {"sleeper", 1, be_in_the_way}});
    wait_until([] {
        sync::MutexGuard guard(mutex);
        return received == 1;
    });
    check("the byte has arrived", true);
    dev::uart.set_receiver(nullptr);
    mutex.destroy();
}

void race_softint() {
    softints_mutex.init("softint's");
    softint.establish("counter", hart::ipl::softnet, on_softint, nullptr);
    play_together({{"scheduler", 0, schedule_twice},
                   {"sleeper", 1, [] { be_in_the_way_of(softints_mutex); }}});
    wait_until([] { return seen.get() == scheduled.get(); });
    check("the last run saw all", true);
}

void race_callout() {
    tear_down(arm_it);
}

void race_self_arming() {
    tear_down(arm_it_for_ever);
}

} // namespace scenario
