// SPDX-License-Identifier: BSD-2-Clause
#include "devices.hpp"
#include "state.hpp"

namespace arch::host {

namespace {

// Registers; the first two are the divisor while line_control says so.
constexpr u64 data = 0, interrupt_enable = 1, interrupt_identification = 2, fifo_control = 2,
              line_control = 3, modem_control = 4, line_status = 5, modem_status = 6, scratch = 7;

constexpr u8 received_enabled = 1, emptied_enabled = 2, line_status_enabled = 4;
constexpr u8 no_interrupt = 1, cause_emptied = 2, cause_received = 4, cause_line_status = 6;
constexpr u8 fifo_is_on = 0xc0; // in the identification
constexpr u8 fifo_enable = 1, fifo_empty_receiver = 2;
constexpr u8 divisor_access = 0x80;
constexpr u8 loop_back = 0x10;
constexpr u8 status_ready = 1, status_overrun = 2, status_transmitter = 0x60; // empty, and idle

} // namespace

bool Uart16550::fifo_on() const {
    return (fifo_control_ & fifo_enable) != 0;
}

/// The most urgent reason for an interrupt.
u64 Uart16550::cause() const {
    if ((interrupt_enable_ & line_status_enabled) != 0 && overrun_)
        return cause_line_status;
    if ((interrupt_enable_ & received_enabled) != 0 && count_ != 0)
        return cause_received;
    if ((interrupt_enable_ & emptied_enabled) != 0 && transmitter_emptied_)
        return cause_emptied;
    return no_interrupt;
}

void Uart16550::drive() {
    drive_line(line, cause() != no_interrupt);
}

/// Reading which interrupt it was answers the one for an empty transmitter.
u64 Uart16550::identify() {
    u64 why = cause();
    if (why == cause_emptied)
        transmitter_emptied_ = false;
    return why | (fifo_on() ? fifo_is_on : 0);
}

u64 Uart16550::take() {
    u8 byte = bytes_[first_];
    if (count_ != 0) {
        first_ = (first_ + 1) % fifo_size;
        count_--;
    }
    return byte;
}

/// A byte that finds no room is lost, in the FIFO; the single register has the newest.
void Uart16550::receive(u8 byte) {
    unsigned room = fifo_on() ? fifo_size : 1;
    if (count_ >= room) {
        overrun_ = true;
        if (!fifo_on())
            bytes_[first_] = byte;
        return;
    }
    bytes_[(first_ + count_++) % fifo_size] = byte;
}

void Uart16550::transmit(u8 byte) {
    if ((modem_control_ & loop_back) != 0) {
        receive(byte);
    } else {
        char sent = static_cast<char>(byte);
        console_write(&sent, 1);
    }
    transmitter_emptied_ = true;
}

void Uart16550::control_fifo(u8 value) {
    bool changed = ((value ^ fifo_control_) & fifo_enable) != 0;
    if (changed || (value & fifo_empty_receiver) != 0)
        count_ = 0;
    fifo_control_ = value;
}

u64 Uart16550::read(u64 offset) {
    bool divisor = (line_control_ & divisor_access) != 0 && offset <= interrupt_enable;
    u64 value = 0;
    switch (offset) {
    case data:
        value = divisor ? divisor_[0] : take();
        break;
    case interrupt_enable:
        value = divisor ? divisor_[1] : interrupt_enable_;
        break;
    case interrupt_identification:
        value = identify();
        break;
    case line_control:
        value = line_control_;
        break;
    case modem_control:
        value = modem_control_;
        break;
    case line_status:
        value =
            status_transmitter | (count_ != 0 ? status_ready : 0) | (overrun_ ? status_overrun : 0);
        overrun_ = false;
        break;
    case modem_status:
        break;
    case scratch:
        value = scratch_;
        break;
    default:
        break;
    }
    drive();
    return value;
}

void Uart16550::write(u64 offset, u64 value) {
    u8 byte = static_cast<u8>(value);
    bool divisor = (line_control_ & divisor_access) != 0 && offset <= interrupt_enable;
    if (divisor) {
        divisor_[offset] = byte;
        return;
    }
    switch (offset) {
    case data:
        transmit(byte);
        break;
    case interrupt_enable:
        // Asking for it while the transmitter is empty is answered at once.
        if ((byte & ~interrupt_enable_ & emptied_enabled) != 0)
            transmitter_emptied_ = true;
        interrupt_enable_ = byte & 0xf;
        break;
    case fifo_control:
        control_fifo(byte);
        break;
    case line_control:
        line_control_ = byte;
        break;
    case modem_control:
        modem_control_ = byte;
        break;
    case scratch:
        scratch_ = byte;
        break;
    default:
        break; // line and modem status are read only
    }
    drive();
}

} // namespace arch::host
