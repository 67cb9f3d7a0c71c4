// SPDX-License-Identifier: BSD-2-Clause
// halves: the same work in the three places that a driver has for it (S3.11, S3.20, S5.7, S5.8,
// S5.14).
//
//   inline    the handler does it: soonest done, and the line is masked for all of it
//   softint   the handler puts the byte into a ring without a lock, a softint does the work
//   kernel    … and an LWP does it, which the scheduler has to choose
//
// "The cycles have to be spent somewhen; deferring to another context takes time": the table says
// how many, per byte: until the work is done, and how long the handler kept its line. Nothing is
// expected of the numbers but that both deferred handlers are shorter than the one that works. They
// are exact on one hart; with more, QEMU counts the instructions of all of them.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/preempt.hpp"
#include "hart/print.hpp"
#include "irq/softint.hpp"
#include "scenario/ring.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/semaphore.hpp"

namespace scenario {

namespace {

constexpr u32 bytes = times(32, 4); // by each way
constexpr u32 loops = times(1000, 0);

constinit Ring<u8, 16> ring;
constinit irq::Softint softint;
constinit sync::Semaphore wanted;
constinit hart::Cell<u32> worked, dropped;
constinit hart::Cell<u64> sum, sent_at, done_after, held_for;
constinit hart::Cell<bool> over;

/// What a byte costs, wherever it is worked on.
void work(u8 byte) {
    compute(loops);
    sum.add(byte);
    done_after.set(arch::instructions() - sent_at.peek());
    worked.add(1);
}

void work_on_ring() {
    for (u8 byte; ring.take(byte);)
        work(byte);
}

// ---- upper halves: in the handler of uart0 ------------------------------------------------------

template <void (*half)(u8)> void timed(u8 byte) {
    u64 before = arch::instructions();
    half(byte);
    held_for.set(arch::instructions() - before);
}

void leave_to_softint(u8 byte) {
    if (!ring.put(byte))
        dropped.add(1);
    softint.schedule();
}

void leave_to_lwp(u8 byte) {
    if (!ring.put(byte))
        dropped.add(1);
    wanted.post();
}

// ---- lower halves -------------------------------------------------------------------------------

void in_softint(void*) {
    work_on_ring();
}

void in_lwp(void*) {
    for (u32 i = 0; i < bytes; i++) {
        wanted.wait();
        work_on_ring();
    }
}

// ---- the three ways -----------------------------------------------------------------------------

struct Way {
    const char* name;
    void (*receive)(u8);
};
constexpr Way ways[] = {{"inline", timed<work>},
                        {"softint", timed<leave_to_softint>},
                        {"kernel LWP", timed<leave_to_lwp>}};

struct Cost {
    u64 done = ~u64{0}, held = ~u64{0}, total = 0; // the least of all bytes; the sum
};

void print_row(const char* name, const auto& done, const auto& held, const auto& total) {
    lib::Line line;
    line.add("  ", name);
    line.pad_to(16);
    line.add(done);
    line.pad_to(32);
    line.add(held);
    line.pad_to(48);
    line.add(total);
    hart::print(line);
}

/// Sends the bytes one at a time, so that each is alone on its way.
Cost measure(const Way& way) {
    Cost cost;
    u64 before = sum.get();
    u64 expected = 0;
    phase(way.name);
    dev::uart.set_receiver(way.receive);
    u64 start = arch::instructions();
    for (u32 i = 0; i < bytes; i++) {
        u32 finished = worked.get();
        expected += 'a' + i % 26;
        sent_at.set(arch::instructions());
        dev::uart.loop(static_cast<u8>('a' + i % 26));
        while (worked.get() == finished)
            sched::yield();
        cost.done = done_after.get() < cost.done ? done_after.get() : cost.done;
        cost.held = held_for.get() < cost.held ? held_for.get() : cost.held;
    }
    cost.total = arch::instructions() - start;
    check("every byte was worked on once", sum.get() - before == expected, sum.get() - before);
    print_row(way.name, cost.done, cost.held, cost.total);
    return cost;
}

/// Bound to the hart of the port, so that all three ways have the same to overcome.
void send(void*) {
    sched::spawn(
        {.name = "lower half", .priority = sched::kernel_priority + 1, .home = hart::hart_id(0)},
        in_lwp, nullptr);
    print_row("instructions", "byte to done", "line held", "32 bytes");
    u64 inline_held = measure(ways[0]).held;
    u64 softint_held = measure(ways[1]).held;
    u64 lwp_held = measure(ways[2]).held;
    expect("a handler that leaves the work to a softint is shorter", softint_held < inline_held,
           softint_held);
    expect("a handler that leaves it to an LWP is shorter", lwp_held < inline_held, lwp_held);
    check("the ring never was full", dropped.get() == 0, dropped.get());
    over.publish(true);
}

} // namespace

void halves() {
    wanted.init("bytes", 0);
    softint.establish("work", hart::ipl::softserial, in_softint, nullptr);
    sched::spawn({.name = "sender", .home = hart::hart_id(0)}, send, nullptr);
    while (!over.get())
        callout::pause(1);
    dev::uart.set_receiver(nullptr);
    softint.disestablish();
}

} // namespace scenario
