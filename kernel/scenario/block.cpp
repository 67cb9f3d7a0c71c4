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
#include "scenario/contender.hpp"
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
constinit Contender handler;
constinit hart::Cell<u32> served, blocked; // handlers that had the lock; that had to block for it

// Loops: longer than the way of a byte through the port.
constexpr u64 a_while = times<u64>(300'000, 0);

void note_served(u32 waits_before) {
    if (sched::current().waits != waits_before)
        blocked.add(1);
    handler.forget();
    served.add(1);
}

void receive(u8) {
    u32 waits = sched::current().waits;
    handler.comes();
    {
        sync::MutexGuard guard(shared);
        received++;
    }
    note_served(waits);
}

// ---- the LWPs -----------------------------------------------------------------------------------

/// Has interrupted itself, and goes on until the handler waits for what it holds.
void go_on_as_victim() {
    compute(100);
    while (!handler.waits())
        arch::relax();
}

void interrupt_yourself(void*) {
    {
        sync::MutexGuard guard(shared);
        dev::uart.loop('1');
        if (!shared.spins())
            go_on_as_victim();
        check("the victim goes on while its handler is blocked", received == 0, received);
    }
    bool known = !shared.spins(); // a byte that is held off may still be on its way
    sync::MutexGuard guard(shared);
    constexpr const char* text = "the release lets the handler run before the victim's next step";
    (known ? check : expect)(text, received == 1, received);
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
void nap_until_it_waits() {
    do
        nap();
    while (!handler.waits());
}
void work() {
    compute(a_while);
}
void work_then_nap() {
    work();
    nap_until_it_waits();
}

void sleep_with_it(void*) {
    hold_it(nap, nap_until_it_waits);
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
    while (acts_over.get() < roles.size() || served.get() < bytes)
        callout::pause(1);
    callout::pause(1);
    sync::MutexGuard guard(shared);
    check("no byte is lost", received == bytes, received);
}

// ---- an RW lock ---------------------------------------------------------------------------------

constinit sync::RwLock table;
constinit hart::Cell<u32> visits;

/// In the handler.
void visit_table(trace::Hold hold) {
    u32 waits = sched::current().waits;
    handler.comes();
    table.enter(hold);
    visits.add(1);
    table.exit();
    note_served(waits);
}

/// Is interrupted by a handler that wants the table too, in the other way.
void be_interrupted_with_table(trace::Hold hold, void (*receiver)(u8)) {
    dev::uart.set_receiver(receiver);
    u32 before = visits.get();
    table.enter(hold);
    dev::uart.loop('3');
    go_on_as_victim();
    check("the victim goes on and keeps the table", visits.get() == before, visits.get());
    table.exit();
    check("the handler has had the table before the victim's next step", visits.get() == before + 1,
          visits.get());
    acts_over.add(1);
}

void write_table(void*) {
    be_interrupted_with_table(trace::Hold::exclusive, [](u8) { visit_table(trace::Hold::shared); });
}
void read_table(void*) {
    be_interrupted_with_table(trace::Hold::shared, [](u8) { visit_table(trace::Hold::exclusive); });
}

void act_with_table(const char* text, void (*play)(void*)) {
    phase(text);
    acts_over.set(0);
    u32 before = served.get();
    sched::spawn({.name = "victim", .home = hart::hart_id(0)}, play, nullptr);
    while (acts_over.get() == 0 || served.get() == before)
        callout::pause(1);
}

// ---- what is promised ---------------------------------------------------------------------------

/// Where handlers have an LWP.
void play_adaptive() {
    act("the victim has the mutex", {{"victim", 0, interrupt_yourself}}, 1);
    check("the handler blocked", blocked.get() == 1, blocked.get());
    act("a sleeping LWP has the mutex",
        {{"sleeper", 0, sleep_with_it}, {"sender", 0, interrupt_while_held}}, 2);
    check("the handler blocked again", blocked.get() == 2, blocked.get());
    if (hart::hart_count > 1) {
        u32 before = blocked.get();
        act("an LWP on another hart has the mutex, and runs",
            {{"runner", 1, compute_with_it}, {"sender", 0, interrupt_while_held}}, 3);
        expect("the handler did not block, it spun", blocked.get() == before, blocked.get());
        before = blocked.get();
        act("an LWP on another hart has the mutex, and goes to sleep",
            {{"dozer", 1, compute_then_sleep_with_it}, {"sender", 0, interrupt_while_held}}, 4);
        check("the handler blocked when its owner slept", blocked.get() - before == 1,
              blocked.get());
    }
    table.init("table");
    u32 before = blocked.get();
    act_with_table("the victim writes the table", write_table);
    act_with_table("the victim reads the table", read_table);
    check("the handler blocked on a writer and on a reader", blocked.get() - before == 2,
          blocked.get());
}

/// Where they have none the mutex is a spin mutex: its level holds the line off while its owner has
/// it, nobody ever blocks, and no owner can sleep.
void play_spinning() {
    act("the victim has the mutex", {{"victim", 0, interrupt_yourself}}, 1);
    phase("a spin mutex instead of an adaptive one: no act with an owner that sleeps");
    if (hart::hart_count > 1)
        act("an LWP on another hart has the mutex, and runs",
            {{"runner", 1, compute_with_it}, {"sender", 0, interrupt_while_held}}, 2);
    check("no handler blocked, a spin mutex held it off", blocked.get() == 0, blocked.get());
}

} // namespace

void block() {
    shared.init("shared", hart::ipl::serial);
    dev::uart.set_receiver(receive);
    u64 before = irq::counts_of(dev::uart.line()).blocked;
    if (hart::is_threaded(hart::ipl::serial))
        play_adaptive();
    else
        play_spinning();
    dev::uart.set_receiver(nullptr);
    u64 counted = irq::counts_of(dev::uart.line()).blocked - before;
    expect("the line has counted them", counted == blocked.get(), counted);
}

} // namespace scenario
