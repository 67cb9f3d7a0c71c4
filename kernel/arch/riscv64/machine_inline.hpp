// SPDX-License-Identifier: BSD-2-Clause
// The hot operations of machine.hpp on a real hart: a few instructions each.
//
// Registers with a fixed meaning in the kernel: tp is the current LWP, gp the middle of the small
// data (the linker turns accesses to trace_mask and its neighbours into one instruction).
// Read next: entry.S, switch.S
#pragma once

#include "csr.hpp"

namespace arch {

inline constexpr usize stack_size = 16384;
inline constexpr unsigned saved_registers = 14; // ra, sp, s0 … s11

struct Context {
    u64 registers[saved_registers]; // in the order of switch.S
};

register sched::Lwp* tp asm("tp");

inline sched::Lwp* curlwp() {
    return tp;
}

// The fences are for the mutex: whoever sees this LWP as current on a hart sees what the LWP before
// it wrote, and a later release of a mutex is not seen before the switch (sync/mutex.hpp).
inline void set_curlwp(sched::Lwp* lwp) {
    asm volatile("fence rw, rw" ::: "memory");
    tp = lwp;
    asm volatile("fence rw, rw" ::: "memory");
}

// csrrci and csrw are one instruction each: the whole sstatus goes back, of which nothing but SIE
// can have changed meanwhile, because no trap came.
inline u64 irq_save() {
    return csr::sstatus::read_clear(csr::sstatus_sie);
}
inline void irq_restore(u64 saved) {
    csr::sstatus::write(saved);
}
inline void irq_enable() {
    csr::sstatus::set(csr::sstatus_sie);
}
inline void irq_disable() {
    csr::sstatus::clear(csr::sstatus_sie);
}
inline bool irq_enabled() {
    return (csr::sstatus::read() & csr::sstatus_sie) != 0;
}

inline u64 now() {
    u64 ticks;
    asm volatile("rdtime %0" : "=r"(ticks));
    return ticks;
}

inline u64 instructions() {
    u64 count;
    asm volatile("rdinstret %0" : "=r"(count)::"memory");
    return count;
}

inline void preemption_point() {}

// In trace_emit only, which is never inlined: the label exists once.
[[gnu::always_inline]] inline void trace_gate() {
    asm volatile(".globl trace_gate\ntrace_gate:" ::: "memory");
}

} // namespace arch
