// SPDX-License-Identifier: BSD-2-Clause
// The way out for bytes that cannot wait: polled, without locks. dev/uart.cpp is the driver.
#include "platform.hpp"
#include "sbi.hpp"

namespace arch {

namespace {

constexpr usize data = 0, modem_control = 4, line_status = 5;
constexpr u8 holding_register_empty = 0x20;
constexpr u8 loop_back = 0x10;

/// The driver turns the port on itself for the time of a byte (dev/uart.cpp). Another hart will be
/// done at once; if it is this one, which then panics, nobody else will turn it back.
void wait_for_the_wire(volatile u8* uart) {
    constexpr unsigned patience = 1000;
    for (unsigned i = 0; i < patience; i++)
        if ((uart[modem_control] & loop_back) == 0)
            return;
    uart[modem_control] = uart[modem_control] & static_cast<u8>(~loop_back);
}

void put(char byte) {
    if (platform.console == 0)
        return sbi::console_put(byte);
    auto* uart = reinterpret_cast<volatile u8*>(platform.console);
    while ((uart[line_status] & holding_register_empty) == 0) {
    }
    wait_for_the_wire(uart);
    uart[data] = static_cast<u8>(byte);
}

} // namespace

void console_write(const char* bytes, usize size) {
    for (usize i = 0; i < size; i++)
        put(bytes[i]);
}

} // namespace arch
