// SPDX-License-Identifier: BSD-2-Clause
// block: an interrupt handler waits for a lock, in every way there is (S2.17 … S2.24, S5.1 … S5.3).
//
//   who has the mutex when the handler wants it    what the handler does
//   its own victim                                 blocks at once; the victim goes on, releases,
//                                                  and is preempted by the handler
//   an LWP that sleeps                             blocks at once; resumed when that one wakes up
//   an LWP that runs on another hart               spins, never blocks
//   the same, and it goes to sleep                 spins, then blocks
//
//   who has the RW lock
//   its own victim, as a writer                    blocks; is let in as a reader
//   its own victim, as a reader                    blocks; is handed the lock as a writer
//
// The interrupts are real: the serial port hears what it says to itself.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/cell.hpp"
#include "hart/model.hpp"
#include "scenario/scenario.hpp"
#include "sched/lwp.hpp"
#include "sync/mutex.hpp"
#include "sync/rw_lock.hpp"

namespace scenario {

namespace {

constinit sync::Mutex shared;
constinit u32 received = 0; // protected by `shared`
constinit hart::Cell<bool> held, sending;
constinit hart::Cell<u32> acts_over;

constexpr u64 a_while = 300'000; // loops: longer than the way of a byte through the port

void receive(u8) {
    sync::MutexGuard guard(shared);
    received++;
}

void compute(u64 loops) {
    for (u64 i = 0; i < loops; i++)
        asm volatile("" ::"r"(i));
}

// ---- the LWPs -----------------------------------------------------------------------------------

void interrupt_yourself(void*) {
    {
        sync::MutexGuard guard(shared);
        dev::uart.loop('1');
        compute(100);
        check("the victim goes on while its handler is blocked", received == 0, received);
    }
    sync::MutexGuard guard(shared);
    check("the release lets the handler run before the victim's next step", received == 1,
          received);
    acts_over.add(1);
}

/// Has the mutex when the byte is sent, then does `rest` before the release.
void hold_it(void (*wait)(), void (*rest)()) {
    {
        sync::MutexGuard guard(shared);
        held.publish(true);
        while (!sending.get())
            wait();
        rest();
        held.publish(false);
    }
    acts_over.add(1);
}

void nap() {
    callout::pause(2);
}
void work() {
    compute(a_while);
}
void work_then_nap() {
    work();
    nap();
}

void sleep_with_it(void*) {
    hold_it(nap, nap);
}
void compute_with_it(void*) {
    hold_it(arch::relax, work);
}
void compute_then_sleep_with_it(void*) {
    hold_it(arch::relax, work_then_nap);
}

/// Sends a byte while somebody else has the mutex. It is the victim of the handler.
void interrupt_while_held(void*) {
    while (!held.get())
        callout::pause(1);
    sending.publish(true);
    dev::uart.loop('2');
    acts_over.add(1);
}

// ---- the acts -----------------------------------------------------------------------------------

struct Role {
    const char* name;
    unsigned hart;
    void (*play)(void*);
};

/// Lets the roles play, each in an LWP of its own, and waits for all of them and for the handler.
void act(const char* text, std::initializer_list<Role> roles, u32 bytes) {
    phase(text);
    acts_over.set(0);
    sending.set(false);
    for (const Role& role : roles)
        sched::spawn({.name = role.name, .home = hart::hart_id(role.hart)}, role.play, nullptr);
    while (acts_over.get() < roles.size())
        callout::pause(1);
    callout::pause(1);
    sync::MutexGuard guard(shared);
    check("no byte is lost", received == bytes, received);
}

// ---- an RW lock ---------------------------------------------------------------------------------

constinit sync::RwLock table;
constinit hart::Cell<u32> looked_up, changed;

/// Is interrupted by a handler that wants the table too, in the other way.
void be_interrupted_with_table(trace::Hold hold, void (*handler)(u8), hart::Cell<u32>& done) {
    dev::uart.set_receiver(handler);
    table.enter(hold);
    dev::uart.loop('3');
    compute(100);
    check("the victim goes on and keeps the table", done.get() == 0, done.get());
    table.exit();
    check("the handler has had the table before the victim's next step", done.get() == 1,
          done.get());
    acts_over.add(1);
}

void write_table(void*) {
    be_interrupted_with_table(
        trace::Hold::exclusive,
        [](u8) {
            sync::ReadGuard guard(table);
            looked_up.add(1);
        },
        looked_up);
}
void read_table(void*) {
    be_interrupted_with_table(
        trace::Hold::shared,
        [](u8) {
            sync::WriteGuard guard(table);
            changed.add(1);
        },
        changed);
}

void act_with_table(const char* text, void (*play)(void*)) {
    phase(text);
    acts_over.set(0);
    sched::spawn({.name = "victim", .home = hart::hart_id(0)}, play, nullptr);
    while (acts_over.get() == 0)
        callout::pause(1);
}

} // namespace

void block() {
    shared.init("shared", hart::ipl::serial);
    dev::uart.set_receiver(receive);
    u64 before = irq::counts_of(dev::uart.line()).blocked;
    // Where handlers have no LWP the mutex is a spin mutex: its level holds the line off while its
    // owner has it, nobody ever blocks, and no owner can sleep.
    const bool blocks = hart::is_threaded(hart::ipl::serial);
    auto check_blocked = [&](const char* text, u64 times) {
        check(text, irq::counts_of(dev::uart.line()).blocked - before == (blocks ? times : 0),
              irq::counts_of(dev::uart.line()).blocked - before);
    };

    act("the victim has the mutex", {{"victim", 0, interrupt_yourself}}, 1);
    check_blocked(blocks ? "the handler blocked" : "the handler was held off by a spin mutex", 1);
    if (!blocks)
        phase("a spin mutex instead of an adaptive one: no act with an owner that sleeps");

    if (blocks) {
        act("a sleeping LWP has the mutex",
            {{"sleeper", 0, sleep_with_it}, {"sender", 0, interrupt_while_held}}, 2);
        check_blocked("the handler blocked again", 2);
    }
    u32 bytes = blocks ? 2 : 1;
    if (hart::hart_count > 1) {
        act("an LWP on another hart has the mutex, and runs",
            {{"runner", 1, compute_with_it}, {"sender", 0, interrupt_while_held}}, ++bytes);
        check_blocked("the handler did not block, it spun", 2);
    }
    if (hart::hart_count > 1 && blocks) {
        act("an LWP on another hart has the mutex, and goes to sleep",
            {{"dozer", 1, compute_then_sleep_with_it}, {"sender", 0, interrupt_while_held}},
            ++bytes);
        check_blocked("the handler blocked when its owner slept", 3);
    }
    if (blocks) {
        table.init("table");
        act_with_table("the victim writes the table", write_table);
        act_with_table("the victim reads the table", read_table);
        check_blocked("the handler blocked on a writer and on a reader",
                      hart::hart_count > 1 ? 5 : 4);
    }
    dev::uart.set_receiver(nullptr);
}

} // namespace scenario
