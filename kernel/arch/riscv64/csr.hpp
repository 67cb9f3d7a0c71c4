// SPDX-License-Identifier: BSD-2-Clause
// Control and status registers of supervisor mode. Names as in the RISC-V privileged specification.
#pragma once

#include "lib/types.hpp"

namespace arch::csr {

constexpr u64 sstatus_sie = 1 << 1;  // interrupts enabled
constexpr u64 sstatus_spie = 1 << 5; // … and will be after sret
constexpr u64 sstatus_spp = 1 << 8;  // sret goes to supervisor mode

constexpr u64 interrupt_software = 1 << 1; // bits of sie and sip
constexpr u64 interrupt_timer = 1 << 5;
constexpr u64 interrupt_external = 1 << 9;

#define ARCH_CSR(name)                                                                             \
    struct name {                                                                                  \
        static u64 read() {                                                                        \
            u64 value;                                                                             \
            asm volatile("csrr %0, " #name : "=r"(value)::"memory");                               \
            return value;                                                                          \
        }                                                                                          \
        static void write(u64 value) {                                                             \
            asm volatile("csrw " #name ", %0" ::"rK"(value) : "memory");                           \
        }                                                                                          \
        static void set(u64 bits) { asm volatile("csrs " #name ", %0" ::"rK"(bits) : "memory"); }  \
        static void clear(u64 bits) {                                                              \
            asm volatile("csrc " #name ", %0" ::"rK"(bits) : "memory");                            \
        }                                                                                          \
        static u64 read_clear(u64 bits) {                                                          \
            u64 value;                                                                             \
            asm volatile("csrrc %0, " #name ", %1" : "=r"(value) : "rK"(bits) : "memory");         \
            return value;                                                                          \
        }                                                                                          \
    }

ARCH_CSR(sstatus);
ARCH_CSR(sie);
ARCH_CSR(sip);
ARCH_CSR(satp);
ARCH_CSR(stvec);
ARCH_CSR(sscratch);
ARCH_CSR(scause);
ARCH_CSR(sepc);
ARCH_CSR(stval);

#undef ARCH_CSR

/// Sstc: the supervisor's own timer compare. The assembler of Debian 12 knows it by number only.
inline void write_stimecmp(u64 value) {
    asm volatile("csrw 0x14d, %0" ::"r"(value) : "memory");
}

} // namespace arch::csr
