// SPDX-License-Identifier: BSD-2-Clause
// The way out for bytes that cannot wait: polled, without locks. dev/uart.cpp is the driver.
#include "platform.hpp"
#include "sbi.hpp"

namespace arch {

namespace {

constexpr usize data = 0, line_status = 5;
constexpr u8 holding_register_empty = 0x20;

void put(char byte) {
    if (platform.console == 0)
        return sbi::console_put(byte);
    auto* uart = reinterpret_cast<volatile u8*>(platform.console);
    while ((uart[line_status] & holding_register_empty) == 0) {
    }
    uart[data] = static_cast<u8>(byte);
}

} // namespace

void console_write(const char* bytes, usize size) {
    for (usize i = 0; i < size; i++)
        put(bytes[i]);
}

} // namespace arch
