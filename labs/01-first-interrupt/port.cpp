// SPDX-License-Identifier: BSD-2-Clause
// Lab 01: the registers of the serial port. dev/uart.hpp is the kernel's own driver of it, which
// leaves the port alone while a lab runs.
#include "port.hpp"

#include "hart/panic.hpp"

namespace lab {

namespace {

constexpr usize data = 0, interrupt_enable = 1, fifo_control = 2, modem_control = 4,
                line_status = 5;
constexpr u8 receive_interrupt = 1;
constexpr u8 fifo_on_and_empty = 7;
constexpr u8 loop_back = 0x10;
constexpr u8 ready = 1, transmitter_empty = 0x40;

constinit arch::Device device;

u8 read(usize offset) {
    return arch::read<u8>(device.base + offset);
}
void write(usize offset, u8 value) {
    arch::write<u8>(device.base + offset, value);
}

} // namespace

void open_port() {
    if (!arch::find_device("ns16550a", 0, device))
        hart::panic("this machine has no serial port");
    write(fifo_control, fifo_on_and_empty);
}

trace::LineId port_line() {
    return static_cast<trace::LineId>(device.line);
}

bool data_ready() {
    return (read(line_status) & ready) != 0;
}

u8 take_byte() {
    return read(data);
}

void enable_interrupts(bool on) {
    write(interrupt_enable, on ? receive_interrupt : 0);
}

// Loop-back lasts only as long as the byte, so that the console stays readable.
void send_to_self(u8 byte) {
    write(modem_control, loop_back);
    write(data, byte);
    while ((read(line_status) & transmitter_empty) == 0) {
    }
    write(modem_control, 0);
}

} // namespace lab
