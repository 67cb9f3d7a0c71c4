// SPDX-License-Identifier: BSD-2-Clause
// race, interrupt lines and softints that come and go while their handlers run. The alarm clock is
// the device: an alarm in the past interrupts at once.
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

constinit sync::Mutex mutex;
constinit bool gone = false, inside = false; // the handler must not be called any more; is called
constinit hart::Cell<u32> calls;

// ---- the device ---------------------------------------------------------------------------------

constinit arch::Device clock;

void put(usize offset, u32 value) {
    arch::write<u32>(clock.base + offset, value);
}

void find_clock() {
    check("there is an alarm clock", arch::find_device("google,goldfish-rtc", 0, clock));
    put(0x10, 1); // interrupts on
}

// The PLIC may remember an alarm of the case before: one interrupt more than there were alarms.
constinit hart::Cell<u32> rings;

void ring() {
    static_cast<void>(rings.swap(1)); // seen before the alarm is
    put(0x0c, 0);
    put(0x08, 0);
}

void be_quiet() {
    put(0x1c, 1);
}

/// In a handler, once for each alarm.
bool hear_alarm() {
    be_quiet();
    return rings.swap(0) != 0;
}

// ---- a handler that is in the middle of its work ------------------------------------------------

void work() {
    ASSERT(!gone);
    inside = true;
    {
        sync::MutexGuard guard(mutex); // anything may happen in here
    }
    ASSERT(!gone);
    inside = false;
    calls.add(1);
}

irq::Served on_alarm(void*) {
    if (hear_alarm())
        work();
    return irq::Served::yes;
}

irq::Served not_mine(void*) {
    calls.add(1);
    return irq::Served::no;
}

constinit irq::Handler handler{
    .name = "rtc0", .line = {}, .level = hart::ipl::audio, .function = on_alarm};
constinit irq::Handler stranger{
    .name = "rtc0", .line = {}, .level = hart::ipl::audio, .function = not_mine};

void serve_clock(irq::Handler& which) {
    find_clock();
    be_quiet();
    static_cast<void>(rings.swap(0)); // nobody heard the last one of the case before
    which.line = static_cast<trace::LineId>(clock.line);
    check("it can be attached", irq::attach(which, 0));
}

void be_in_its_way() {
    sync::MutexGuard guard(mutex);
    ring();
    linger(mutex);
}

void take_it_off() {
    irq::detach(handler);
    ASSERT(!inside);
    gone = true;
}

/// The second alarm comes when the handler has quieted the first, and perhaps is still busy.
void ring_twice() {
    be_in_its_way();
    while (calls.get() == 0 && !inside)
        callout::pause(1);
    ring();
}

void move_it() {
    for (unsigned to : {1U, 1U, 0U})
        irq::route(handler.line, to % hart::hart_count);
}

// ---- a handler that waits for nobody ------------------------------------------------------------

constinit hart::SpinMutex spin{"rtc0's", hart::ipl::audio};

/// To leave the spin mutex is to pay what is owed.
irq::Served count_alarm(void*) {
    if (!hear_alarm())
        return irq::Served::yes;
    hart::SpinGuard guard(spin);
    calls.add(1);
    return irq::Served::yes;
}

constinit irq::Handler counter{
    .name = "rtc0", .line = {}, .level = hart::ipl::audio, .function = count_alarm};

/// After each sleep the LWP owes itself kernel_lock: the alarm may come when it has not paid yet.
void sleep_with_kernel_lock() {
    sync::KernelGuard big;
    for (u32 alarms = 1; alarms <= 2; alarms++) {
        ring();
        while (calls.get() < alarms)
            callout::pause(1);
        ASSERT(sync::kernel_lock.holds() == 1);
    }
}

// ---- a softint ----------------------------------------------------------------------------------

constinit irq::Softint softint;

void on_softint(void*) {
    work();
}

void schedule_it() {
    hart::PreemptGuard guard;
    softint.schedule();
}

void end_it() {
    while (calls.get() == 0 && !inside)
        callout::pause(1); // scheduled, and never again
    softint.disestablish();
    ASSERT(!inside);
    gone = true;
}

void begin() {
    gone = inside = false;
    calls.set(0);
    mutex.init("handler's", hart::ipl::audio);
}

} // namespace

void race_detach() {
    begin();
    serve_clock(handler);
    play_together({{"device", 0, be_in_its_way}, {"remover", 1, take_it_off}});
    callout::pause(1);
    be_quiet();
    check("it is off", gone);
    mutex.destroy();
}

void race_route() {
    begin();
    serve_clock(handler);
    play_together({{"device", 0, ring_twice}, {"mover", 1, move_it}});
    while (calls.get() < 2)
        callout::pause(1);
    irq::detach(handler);
    check("both alarms were heard", true);
    mutex.destroy();
}

void race_owed() {
    calls.set(0);
    serve_clock(counter);
    play_together({{"sleeper", 0, sleep_with_kernel_lock}});
    irq::detach(counter);
    check("every alarm rang once", calls.get() == 2, calls.get());
}

/// Nobody answers for the line, so it is switched off, in the order that the PLIC wants.
void race_stray() {
    calls.set(0);
    serve_clock(stranger);
    constexpr u32 enough = 10; // then the line is switched off
    for (u32 i = 0; i < enough; i++) {
        ring();
        callout::pause(1);
    }
    be_quiet();
    irq::detach(stranger);
    check("it was asked", calls.get() != 0);
}

void race_disestablish() {
    begin();
    if (!softint.establish("worker", hart::ipl::softnet, on_softint, nullptr))
        hart::panic("no softint is left");
    play_together({{"scheduler", 0, schedule_it},
                   {"in its way", 1,
                    [] {
                        sync::MutexGuard guard(mutex);
                        arch::relax();
                    }},
                   {"remover", 1, end_it}});
    check("it is gone", gone);
    mutex.destroy();
}

} // namespace scenario
