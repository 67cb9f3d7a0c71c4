// SPDX-License-Identifier: BSD-2-Clause
// race, the interrupt controller by itself: what it answers when two devices drive their lines and
// nobody takes the interrupts. The marks are for tests/explore/conformance_test.cpp, which asks the
// PLIC of QEMU and the simulated one, and compares. Nothing is checked here: they may differ.
//
// This speaks to arch::line_* past irq/controller.cpp, whose rules it breaks on purpose, and leaves
// both lines off.
#include "arch/machine.hpp"
#include "hart/hart.hpp"
#include "hart/panic.hpp"
#include "scenario/race.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace scenario {

namespace {

void mark(const char* answer, u64 value) {
    trace::record(trace::Mark{.text = trace::text(answer), .value = value});
}

class Prober {
public:
    explicit Prober(const char* name) {
        if (!arch::find_device(name, 0, device_))
            hart::panic("this machine lacks a device");
    }
    void enable(unsigned priority) const {
        arch::line_enable(device_.line, hart::here(), priority, true);
    }
    void disable() const { arch::line_enable(device_.line, hart::here(), 0, false); }
    void complete() const { arch::line_complete(device_.line); }

protected:
    arch::Device device_;
};

/// The serial port: one byte is always in its FIFO, so turning its interrupts on raises the line.
class PortProber : public Prober {
public:
    PortProber()
        : Prober("ns16550a") {
        constexpr u8 fifo_on_and_empty = 7, loop_back = 0x10, transmitter_empty = 0x40;
        put(interrupt_enable, 0);
        put(fifo_control, fifo_on_and_empty);
        put(modem_control, loop_back);
        put(data, '1');
        while ((arch::read<u8>(device_.base + line_status) & transmitter_empty) == 0)
            arch::relax();
        put(modem_control, 0);
    }
    void raise() const { put(interrupt_enable, 1); }
    void lower() const { put(interrupt_enable, 0); }

private:
    static constexpr usize data = 0, interrupt_enable = 1, fifo_control = 2, modem_control = 4,
                           line_status = 5;
    void put(usize offset, u8 value) const { arch::write<u8>(device_.base + offset, value); }
};

/// The clock: an alarm in the past rings at once.
class ClockProber : public Prober {
public:
    ClockProber()
        : Prober("google,goldfish-rtc") {
        constexpr usize interrupt_enable = 0x10;
        put(interrupt_enable, 1);
    }
    void raise() const {
        constexpr usize alarm_low = 0x08, alarm_high = 0x0c;
        put(alarm_high, 0);
        put(alarm_low, 0);
    }
    void lower() const {
        constexpr usize clear_interrupt = 0x1c;
        put(clear_interrupt, 1);
    }

private:
    void put(usize offset, u32 value) const { arch::write<u32>(device_.base + offset, value); }
};

void ask_for_priorities(const PortProber& port, const ClockProber& clock) {
    constexpr unsigned less = 2, more = 5;
    port.enable(less);
    clock.enable(more);
    mark("nobody asks", arch::line_claim());
    port.raise();
    clock.raise();
    mark("the more urgent comes first", arch::line_claim());
    mark("then the other", arch::line_claim());
    mark("a claimed line does not come again", arch::line_claim());
    port.lower();
    clock.lower();
    port.complete();
    clock.complete();
    mark("what is low and completed is quiet", arch::line_claim());
    port.enable(more);
    port.raise();
    clock.raise();
    mark("of equals the lower number comes first", arch::line_claim());
    mark("then the higher", arch::line_claim());
    port.lower();
    clock.lower();
    clock.complete();
    port.complete();
}

void ask_for_enabling(const PortProber& port) {
    port.disable();
    port.raise();
    mark("a line that is not enabled does not come", arch::line_claim());
    port.enable(1);
    mark("it comes when it is enabled", arch::line_claim());
    port.lower();
    port.complete();
}

// Here the standard says one thing, and QEMU, depending on its version, does another.
void ask_where_qemu_may_differ(const PortProber& port) {
    port.raise();
    mark("may differ: it comes", arch::line_claim());
    port.complete();
    mark("may differ: still high when it is completed, it asks again", arch::line_claim());
    port.lower();
    port.complete();

    port.raise();
    port.lower();
    mark("may differ: what has asked and is low again still comes", arch::line_claim());
    port.complete();

    port.raise();
    mark("may differ: it comes again", arch::line_claim());
    port.lower();
    port.disable();
    port.complete();
    port.enable(1);
    port.raise();
    mark("may differ: completed while it was not enabled, it is dead", arch::line_claim());
    port.lower();
    port.disable();
}

void probe() {
    u64 before = arch::irq_save();
    PortProber port;
    ClockProber clock;
    ask_for_priorities(port, clock);
    clock.disable();
    ask_for_enabling(port);
    ask_where_qemu_may_differ(port);
    arch::irq_restore(before);
}

} // namespace

void race_controller() {
    play_together({{"prober", 0, probe}});
}

} // namespace scenario
