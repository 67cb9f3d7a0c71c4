// SPDX-License-Identifier: BSD-2-Clause
#include "dev/uart.hpp"

namespace dev {

namespace {

constexpr usize data = 0, interrupt_enable = 1, fifo_control = 2, modem_control = 4,
                line_status = 5;
constexpr u8 receive_interrupt = 1;
constexpr u8 fifo_on_and_empty = 7;
constexpr u8 interrupt_gate = 8; // OUT2: lets the interrupt out of the chip on a PC
constexpr u8 loop_back = 0x10;
constexpr u8 data_ready = 1, transmitter_empty = 0x40;

} // namespace

constinit Uart uart;

bool Uart::start(unsigned route) {
    arch::Device device;
    if (!arch::find_device("ns16550a", 0, device) || device.line == 0)
        return false;
    base_ = device.base;
    handler_.line = static_cast<trace::LineId>(device.line);
    put(fifo_control, fifo_on_and_empty);
    put(modem_control, interrupt_gate);
    irq::attach(handler_, route);
    put(interrupt_enable, receive_interrupt);
    return true;
}

void Uart::write(const char* bytes, usize size) {
    for (usize i = 0; i < size; i++) {
        hart::SpinGuard guard(lock_);
        transmit(static_cast<u8>(bytes[i]));
    }
}

// Loop-back lasts only for this byte, so that the console never hears itself, and nobody else's
// byte is on its way then.
void Uart::loop(u8 byte) {
    hart::SpinGuard guard(lock_);
    arch::console_claim();
    wait_until_sent();
    looped_.add(1);
    put(modem_control, interrupt_gate | loop_back);
    transmit(byte);
    put(modem_control, interrupt_gate);
    arch::console_release();
}

void Uart::transmit(u8 byte) {
    put(data, byte);
    wait_until_sent();
}

void Uart::wait_until_sent() {
    while ((read(line_status) & transmitter_empty) == 0) {
    }
}

irq::Served Uart::handle(void* self) {
    return static_cast<Uart*>(self)->drain();
}

irq::Served Uart::drain() {
    put(interrupt_enable, 0);
    irq::Served served = irq::Served::no;
    while ((read(line_status) & data_ready) != 0) {
        u8 byte = read(data);
        served = irq::Served::yes;
        bool own = looped_.peek() != 0;
        if (own)
            looped_.add(~u32{0});
        if (Receiver to = own ? receiver_.get() : listener_.get(); to != nullptr)
            to(byte);
    }
    put(interrupt_enable, receive_interrupt);
    return served;
}

} // namespace dev
