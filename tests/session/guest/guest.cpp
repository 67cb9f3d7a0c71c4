// SPDX-License-Identifier: BSD-2-Clause
// A guest for the session's tests: the kernel's machine, ring and port with a workload that does
// what a test asks for, and nothing of the kernel's core. So a test can have a guest that goes
// silent, refuses, panics or floods the port, and a failing scheduler never fails a session test.
//
//   work=N    marks that each hart records, with random work and timer interrupts in between
//   end=…     what comes then: a number (exit status), panic, endless (go on), silent (no event)
#include "arch/current.hpp"
#include "arch/machine.hpp"
#include "arch/upcalls.hpp"
#include "dev/virtio_serial.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

#include <cstring>

namespace {

constinit arch::Current currents[arch::max_harts] = {};
constinit u32 ticks[arch::max_harts] = {};
alignas(16) u8 stacks[arch::max_harts][arch::stack_size];
constinit dev::VirtioSerial port;
constinit u32 finished = 0;
constinit u64 work = 1000;
const char* ending = "0";

constexpr u32 hz = 200;

u64 number(const char* text) {
    u64 value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + static_cast<u64>(*text - '0');
    return value;
}

const char* parameter(const char* name, const char* otherwise) {
    usize length = std::strlen(name);
    for (const char* at = arch::boot_arguments(); *at != 0; at++)
        if (std::memcmp(at, name, length) == 0)
            return at + length;
    return otherwise;
}

void say(const char* text) {
    arch::console_write(text, std::strlen(text));
}

/// Each hart at its own part of the interval, as the kernel does it: with deadlines wherever they
/// fell, stepped runs of four harts were not always the same.
void next_tick() {
    u64 interval = arch::timebase() / hz;
    u64 share = interval * arch::current().hart / arch::hart_count();
    arch::set_deadline((arch::now() / interval + 1) * interval + share);
}

void mark(u64 value) {
    static constexpr const char name[] = "work";
    trace::record(trace::Mark{trace::text(name), value});
}

void do_work(unsigned hart) {
    u64 random = 88172645463325252ull + hart;
    for (u64 i = 0; i < work || *ending == 'e'; i++) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        for (u64 spin = random >> 56; spin != 0; spin--)
            asm volatile("");
        mark(i);
        constexpr u64 between_rests = 16;
        if (i % between_rests == 0) {
            u64 saved = arch::irq_save();
            trace::flush_if_old();
            arch::wait();
            arch::irq_restore(saved);
        }
    }
}

[[noreturn]] void end() {
    u32 status = static_cast<u32>(number(ending));
    if (*ending == 's') {
        arch::irq_disable();
        for (;;)
            asm volatile("");
    }
    if (*ending == 'p') {
        say("panic: the test wants it\n");
        trace::record(trace::Panic{trace::text("the test wants it")});
        status = 2;
    } else if (status != 0) {
        say("guest: there is no end=7\n");
    }
    trace::record(trace::Halt{status});
    trace::flush_all();
    arch::halt(status);
}

[[noreturn]] void hart_main(void* argument) {
    auto hart = static_cast<unsigned>(reinterpret_cast<u64>(argument));
    next_tick();
    arch::irq_enable();
    do_work(hart);
    trace::flush();
    __atomic_fetch_add(&finished, 1, __ATOMIC_RELEASE);
    if (hart == 0) {
        while (__atomic_load_n(&finished, __ATOMIC_ACQUIRE) != arch::hart_count())
            arch::wait();
        end();
    }
    for (;;)
        arch::wait();
}

} // namespace

namespace arch {

void on_boot() {
    set_curlwp(reinterpret_cast<sched::Lwp*>(&currents[0]));
    work = number(parameter("work=", "1000"));
    ending = parameter("end=", "0");
    trace::init(hart_count());
    trace::set_mask(~0u);
    trace::record(trace::Boot{static_cast<u16>(hart_count()), hz, timebase(), trace::schema});
    if (port.start())
        trace::set_sink(&port);
    say("guest: hello\n");
    for (unsigned hart = 1; hart < hart_count(); hart++) {
        currents[hart].hart = static_cast<u16>(hart);
        start_hart(
            hart, reinterpret_cast<sched::Lwp*>(&currents[hart]), stacks[hart], sizeof stacks[hart],
            [](void* argument) { hart_main(argument); },
            reinterpret_cast<void*>(static_cast<u64>(hart)));
    }
    hart_main(nullptr);
}

void on_timer() {
    trace::record(trace::Tick{++ticks[current().hart]});
    trace::flush_if_old();
    next_tick();
}

void on_ipi() {}

void on_external_interrupt() {}

void on_fault(const char* sentence) {
    say(sentence);
    halt(1);
}

} // namespace arch
