// SPDX-License-Identifier: BSD-2-Clause
// Calls to the firmware (RISC-V Supervisor Binary Interface).
#pragma once

#include "lib/types.hpp"

namespace arch::sbi {

struct Result {
    i64 error; // 0: done
    u64 value;
};

inline Result call(u64 extension, u64 function, u64 first = 0, u64 second = 0, u64 third = 0) {
    register u64 a0 asm("a0") = first;
    register u64 a1 asm("a1") = second;
    register u64 a2 asm("a2") = third;
    register u64 a6 asm("a6") = function;
    register u64 a7 asm("a7") = extension;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return {.error = static_cast<i64>(a0), .value = a1};
}

inline void set_timer(u64 deadline) {
    call(0x54494d45, 0, deadline);
}
/// Bit i of `mask` is hart id `base` + i.
inline void send_ipi(u64 mask, u64 base) {
    call(0x735049, 0, mask, base);
}
inline Result hart_start(u64 hart_id, u64 address, u64 opaque) {
    return call(0x48534d, 0, hart_id, address, opaque);
}
inline void shut_down() {
    call(0x53525354, 0, 0, 0);
}
/// The old call, which every firmware has, for the time before the UART is known.
inline void console_put(char byte) {
    call(0x01, 0, static_cast<u8>(byte));
}

} // namespace arch::sbi
