// SPDX-License-Identifier: BSD-2-Clause
// Lab 01: who sends. Four bursts of bytes, from the port to itself.
//
//   sender   1 byte, 8 bytes         interrupts itself: it is the victim
//   callout  5 bytes, 16 bytes       runs in softclock/0, which has borrowed the context of worker
//   worker   computes all the time   is beneath everything that happens while sender sleeps
//
// A burst is put into the FIFO with the port's interrupts off. Turning them on raises the line, so
// the interrupt strikes at the same instruction in every run. A burst comes when the one before it
// has been taken out of the port, which has room for 16 bytes, or when there was ample time to: a
// handler that never takes them out holds nothing up. After the last one comes the end.
#include "port.hpp"

#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "lab/lab.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace lab {

namespace {

constexpr u32 pause_ticks = 2;
constexpr u32 patience_ticks = 6; // more than a signal of the port is ever late
constexpr u32 later_bursts[] = {5, 16};
constexpr u32 later_count = sizeof later_bursts / sizeof *later_bursts;

constinit u8 next_byte = 'A';
constinit callout::Callout timer;
constinit u32 later_sent = 0;   // of later_bursts
constinit u32 ticks_waited = 0; // for the handler, in softclock

void mark(const char* text, u64 value) {
    trace::record(trace::Mark{.text = trace::text(text), .value = value});
}

void send_burst(u32 bytes) {
    mark("burst", bytes);
    enable_interrupts(false);
    for (u32 i = 0; i < bytes; i++) {
        mark("sent", next_byte);
        send_to_self(next_byte++);
    }
    enable_interrupts(true);
}

/// In softclock/0.
void send_later(void*) {
    if (data_ready() && ticks_waited < patience_ticks) {
        ticks_waited++;
        static_cast<void>(timer.schedule(1));
        return;
    }
    ticks_waited = 0;
    send_burst(later_bursts[later_sent++]);
    if (later_sent < later_count)
        static_cast<void>(timer.schedule(pause_ticks));
}

/// In an LWP.
void await_the_handler() {
    for (u32 ticks = 0; data_ready() && ticks < patience_ticks; ticks++)
        callout::pause(1);
}

void compute(void*) {
    while (true)
        arch::relax();
}

} // namespace

void start() {
    open_port();
    timer.init("sender's clock");
    mark("line of the port", static_cast<u64>(port_line()));
    mark("bursts to come", 2 + later_count);
    sched::spawn({.name = "worker", .priority = sched::user_priority, .home = hart::hart_id(0)},
                 compute, nullptr);
    enable_interrupts(true);
    attach();

    send_burst(1);
    await_the_handler();
    send_burst(8);
    static_cast<void>(timer.reset(pause_ticks, send_later, nullptr));
    while (later_sent < later_count)
        callout::pause(pause_ticks);
    await_the_handler();
    callout::pause(pause_ticks); // a while for what may come late
    enable_interrupts(false);
}

void received(u8 byte) {
    mark("received", byte);
}

} // namespace lab
