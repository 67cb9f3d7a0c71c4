// SPDX-License-Identifier: BSD-2-Clause
// spl: what raising and lowering a level costs the hardware, told and untold (S3.3, S3.5, S3.7).
//
//   pairs    raise to net and lower, with nothing coming: writes to the controller per pair
//   caught   raise to serial, and let the serial port interrupt: in lazy mode the line is claimed,
//            recorded and replayed once when the level falls; in eager mode the controller keeps it
//            back, and it comes once when the threshold falls
//   styles   a driver whose handler and LWP share a table: one style raises the level for as long
//            as the LWP works on the table, the other enters a mutex. How long is the port kept
//            waiting, in instructions from the byte to its handler?
//
// The same scenario serves `spl=lazy` and `spl=eager`, and every model: where handlers have no LWP,
// the mutex is a spin mutex, which raises the level too, and both styles wait alike.
#include "hart/spl.hpp"
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/preempt.hpp"
#include "hart/print.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

constexpr u32 pairs = times(10'000, 100);
constexpr u64 work = times<u64>(20'000, 0); // loops over the table

constinit sync::Mutex table;
constinit hart::Cell<u32> received;
constinit hart::Cell<u64> sent_at, arrived_after;

void on_byte(u8) {
    if (arrived_after.peek() == 0)
        arrived_after.set(arch::instructions() - sent_at.peek());
    received.add(1);
}

/// The same, but what it works on is protected by the mutex.
void on_byte_with_mutex(u8 byte) {
    on_byte(byte);
    sync::MutexGuard guard(table);
}

void say(const char* what, u64 number, const char* unit) {
    lib::Line line;
    line.add("  ", what, ": ", number, " ", unit);
    hart::print(line);
}

void pairs_without_interrupts(bool eager) {
    phase("a level is raised and lowered, and nothing comes");
    hart::PreemptGuard stay;
    u32 before = hart::self().spl_writes;
    for (u32 i = 0; i < pairs; i++)
        hart::LevelGuard level(hart::ipl::net);
    u32 writes = hart::self().spl_writes - before;
    say("hardware writes for all pairs", writes, "");
    check("lazy: none; eager: two for each pair", eager ? writes >= 2 * pairs : writes == 0,
          writes);
}

u64 deferred() {
    return irq::counts_of(dev::uart.line()).deferred;
}

void caught_by_a_level(bool eager) {
    phase("an interrupt comes while the level is raised");
    dev::uart.set_receiver(on_byte);
    bool scheduled = hart::interrupts.model == trace::Model::thread;
    u32 catches = eager || scheduled ? 0 : 1;
    u64 before = deferred();
    {
        hart::LevelGuard level(hart::ipl::serial);
        dev::uart.loop('x');
        while (deferred() < before + catches)
            arch::relax(); // a signal may take its time
        check("the handler waits for the level to fall", received.peek() == 0, received.peek());
    }
    if (catches != 0)
        check("what was caught is replayed when the level falls", received.peek() == 1);
    else
        expect("it comes when the level falls", received.peek() == 1);
    while (received.peek() == 0)
        arch::relax();
    check("it came once", received.peek() == 1, received.peek());
    check("lazy: caught and replayed; eager or scheduled: never caught",
          deferred() - before == catches, deferred() - before);
}

/// Instructions until the handler of a byte begins that is sent while the LWP works on the table.
u64 kept_waiting(void (*body)()) {
    arrived_after.set(0);
    u32 before = received.peek();
    body();
    while (received.peek() == before)
        arch::relax();
    return arrived_after.peek();
}

void send_and_compute() {
    sent_at.set(arch::instructions());
    dev::uart.loop('y');
    compute(work);
}

void work_with_level() {
    hart::LevelGuard level(hart::ipl::serial);
    u32 before = received.peek();
    send_and_compute();
    check("nobody comes in while the level is raised", received.peek() == before);
}

/// Where handlers have no LWP the mutex raises the level, too.
void work_with_mutex() {
    sync::MutexGuard guard(table);
    u32 before = received.peek();
    send_and_compute();
    if (!table.spins())
        while (received.peek() == before)
            arch::relax(); // the handler comes, with the mutex held
    else
        check("nobody comes in while a spin mutex is held", received.peek() == before);
}

void two_styles() {
    phase("the level raised for as long as it takes, or a mutex");
    dev::uart.set_receiver(on_byte);
    u64 by_level = kept_waiting(work_with_level);
    dev::uart.set_receiver(on_byte_with_mutex);
    u64 by_mutex = kept_waiting(work_with_mutex);
    say("the port waits, level raised", by_level, "instructions");
    say("the port waits, mutex held", by_mutex, "instructions");
    bool blocks = hart::is_threaded(hart::ipl::serial);
    expect("with the level raised it waits for all of the work", by_level > work, by_level);
    // With several harts the counter goes on while the others have their turn.
    expect("with an adaptive mutex it does not", blocks ? by_mutex < by_level / 4 : by_mutex > work,
           by_mutex);
}

constinit hart::Cell<bool> over;

/// Bound to hart 0, which the port interrupts: it is this hart's level that is looked at.
void drive(void*) {
    bool eager = hart::interrupts.spl == hart::Spl::eager;
    pairs_without_interrupts(eager);
    caught_by_a_level(eager);
    two_styles();
    over.publish(true);
}

} // namespace

void spl() {
    table.init("table", hart::ipl::serial);
    sched::spawn({.name = "driver", .home = hart::hart_id(0)}, drive, nullptr);
    while (!over.get())
        callout::pause(1);
    dev::uart.set_receiver(nullptr);
}

} // namespace scenario
