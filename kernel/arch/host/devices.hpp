// SPDX-License-Identifier: BSD-2-Clause
// The simulated devices: what their registers do, as their manuals say, at the addresses and lines
// that QEMU's `virt` machine gives them. Drivers and labs run on them unchanged.
//
//   dev/uart.cpp ──arch::write<u8>──▶ devices.cpp ──▶ Uart16550::write ──▶ drive_line(10, high)
//
// A device that drives its line high signals the PLIC anew at each access to its registers, as
// QEMU's do. The PLIC asks once more when a claim is given back while the line is still high, as
// the standard says and QEMU does not.
// Read next: uart.cpp, rtc.cpp
#pragma once

#include "lib/types.hpp"

namespace arch::host {

/// 16550A: FIFO of 16 bytes, loop-back, interrupts for received bytes, errors and an empty
/// transmitter. Bytes take no time on the wire.
class Uart16550 {
public:
    static constexpr u64 base = 0x1000'0000;
    static constexpr u64 size = 0x100;
    static constexpr u32 line = 10;

    u64 read(u64 offset);
    void write(u64 offset, u64 value);

private:
    static constexpr unsigned fifo_size = 16;

    [[nodiscard]] bool fifo_on() const;
    [[nodiscard]] u64 cause() const;
    u64 identify();
    u64 take();
    void receive(u8 byte);
    void transmit(u8 byte);
    void control_fifo(u8 value);
    void drive();

    u8 bytes_[fifo_size] = {};
    unsigned first_ = 0, count_ = 0;
    u8 interrupt_enable_ = 0, fifo_control_ = 0, line_control_ = 0, modem_control_ = 0;
    u8 scratch_ = 0;
    u8 divisor_[2] = {};
    bool overrun_ = false;
    bool transmitter_emptied_ = false; // and nobody has asked which interrupt it was
};

/// Goldfish: nanoseconds, and one alarm.
class GoldfishRtc {
public:
    static constexpr u64 base = 0x10'1000;
    static constexpr u64 size = 0x1000;
    static constexpr u32 line = 11;

    u64 read(u64 offset);
    void write(u64 offset, u64 value);

    /// The machine's clock when the alarm rings; all ones: never.
    [[nodiscard]] u64 deadline() const { return deadline_; }
    void ring();

private:
    void set_alarm(u64 nanoseconds);
    void drive();

    u64 latched_ = 0; // time, as of the last read of its lower half
    u64 alarm_high_ = 0;
    u64 deadline_ = ~u64{0};
    bool enabled_ = false;
    bool pending_ = false;
};

} // namespace arch::host
