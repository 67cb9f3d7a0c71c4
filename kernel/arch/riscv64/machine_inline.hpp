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
inline constexpr bool order_is_chosen = false;
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

// Spelled out because GCC 12 gets both wrong: for an acquire it writes lr.d and sc.d.aq, which the
// manual says is no stronger than neither bit (aq belongs on the lr); a release that is relaxed on
// failure becomes lr.d and sc.d without any ordering. And two branches shorter: the failing
// comparison is itself the way out.
#define COMPARE_AND_SET(width, acquire, release)                                                   \
    asm goto("0: lr." width acquire " %[seen], %[word]\n"                                          \
             "bne %[seen], %z[expected], %l[differs]\n"                                            \
             "sc." width release " %[seen], %z[desired], %[word]\n"                                \
             "bnez %[seen], 0b"                                                                    \
             : [seen] "=&r"(seen), [word] "+A"(word)                                               \
             : [expected] "rJ"(sign_extended(expected)), [desired] "rJ"(desired)                   \
             : "memory"                                                                            \
             : differs)

/// As lr.w loads it.
template <class T> inline i64 sign_extended(T value) {
    return sizeof(T) == 4 ? static_cast<i32>(value) : static_cast<i64>(value);
}

template <class T>
[[gnu::always_inline]] inline bool compare_and_take(T& word, T expected, T desired) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8);
    i64 seen;
    if constexpr (sizeof(T) == 8)
        COMPARE_AND_SET("d", ".aq", "");
    else
        COMPARE_AND_SET("w", ".aq", "");
    return true;
differs:
    return false;
}
template <class T>
[[gnu::always_inline]] inline bool compare_and_give(T& word, T expected, T desired) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8);
    i64 seen;
    if constexpr (sizeof(T) == 8)
        COMPARE_AND_SET("d", "", ".rl");
    else
        COMPARE_AND_SET("w", "", ".rl");
    return true;
differs:
    return false;
}

#undef COMPARE_AND_SET

template <class T> inline T load(const T& word, int order) {
    return __atomic_load_n(&word, order);
}
template <class T> inline void store(T& word, T value, int order) {
    __atomic_store_n(&word, value, order);
}
template <class T> inline void before_update(T&) {}
inline void preemption_point() {}
inline void workload_begins() {}

template <class T> inline T read(u64 address) {
    return *reinterpret_cast<const volatile T*>(address);
}
template <class T> inline void write(u64 address, T value) {
    *reinterpret_cast<volatile T*>(address) = value;
}

// In trace_emit only, which is never inlined: the label exists once.
[[gnu::always_inline]] inline void trace_gate() {
    asm volatile(".globl trace_gate\ntrace_gate:" ::: "memory");
}

} // namespace arch
