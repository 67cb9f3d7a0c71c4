// SPDX-License-Identifier: BSD-2-Clause
// The way out for bytes that cannot wait: polled, without the kernel's locks. dev/uart.cpp is the
// driver; the two share the port by `port`, which is held for the time of a byte.
#include "device_lock.hpp"
#include "platform.hpp"
#include "sbi.hpp"

namespace arch {

namespace {

constexpr usize data = 0, modem_control = 4, line_status = 5;
constexpr u8 holding_register_empty = 0x20;
constexpr u8 loop_back = 0x10;

constinit DeviceLock port;

void put_on_wire(char byte) {
    auto* uart = reinterpret_cast<volatile u8*>(platform.console);
    while ((uart[line_status] & holding_register_empty) == 0) {
    }
    uart[data] = static_cast<u8>(byte);
}

/// This hart has panicked while it had the port, and will not come back to turn it round.
void take_over() {
    auto* uart = reinterpret_cast<volatile u8*>(platform.console);
    uart[modem_control] = uart[modem_control] & static_cast<u8>(~loop_back);
}

void put(char byte) {
    if (platform.console == 0)
        return sbi::console_put(byte);
    u64 saved = irq_save();
    if (port.is_mine()) {
        take_over();
        put_on_wire(byte);
    } else {
        console_claim();
        put_on_wire(byte);
        console_release();
    }
    irq_restore(saved);
}

} // namespace

void console_claim() {
    port.claim();
}

void console_release() {
    port.release();
}

void console_write(const char* bytes, usize size) {
    for (usize i = 0; i < size; i++)
        put(bytes[i]);
}

} // namespace arch
