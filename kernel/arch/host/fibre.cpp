// SPDX-License-Identifier: BSD-2-Clause
#include "fibre.hpp"

// The sanitizer's run time defines these; without sanitizers (the fast explorer) they are null.
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void** save, const void* bottom, usize size);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void* saved, const void** bottom, usize* size);
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void* start, usize size);
}

namespace arch::host {

namespace {

Fibre* leaving = nullptr;
Fibre* entering = nullptr; // a fibre begins without arguments

void leave(Fibre& from, Fibre& to) {
    leaving = &from;
    entering = &to;
    if (__sanitizer_start_switch_fiber != nullptr)
        __sanitizer_start_switch_fiber(&from.sanitizer_stack, to.bounds.bottom, to.bounds.size);
}

void arrive(Fibre& at) {
    const void* bottom = nullptr;
    usize size = 0;
    if (__sanitizer_finish_switch_fiber != nullptr)
        __sanitizer_finish_switch_fiber(at.sanitizer_stack, &bottom, &size);
    if (leaving->bounds.bottom == nullptr) // the process's own stack, which nobody else knows
        leaving->bounds = {const_cast<void*>(bottom), size};
}

void begin() {
    Fibre* fibre = entering;
    arrive(*fibre);
    fibre->entry(fibre->argument);
    __builtin_trap(); // entry must not return
}

/// Away. Not declared noreturn, because AddressSanitizer would clean this stack up for good.
[[gnu::noinline, gnu::no_sanitize("address")]] void go(Fibre& to) {
    __builtin_longjmp(to.place, 1);
}

/// The stack pointer of a function that has just been entered.
void* first_frame(Bounds stack) {
    constexpr u64 alignment = 16;
    constexpr u64 room = 64;
#if defined(__x86_64__)
    constexpr u64 return_address = 8; // which a call would have pushed
#else
    constexpr u64 return_address = 0;
#endif
    u64 top = reinterpret_cast<u64>(stack.bottom) + stack.size - room;
    return reinterpret_cast<void*>((top & ~(alignment - 1)) - return_address);
}

} // namespace

void prepare(Fibre& fibre, Bounds stack, void (*entry)(void*), void* argument) {
    fibre.bounds = stack;
    fibre.entry = entry;
    fibre.argument = argument;
    fibre.sanitizer_stack = nullptr;
    if (__asan_unpoison_memory_region != nullptr) // whoever left this stack for good left marks
        __asan_unpoison_memory_region(stack.bottom, stack.size);
    fibre.place[0] = nullptr; // no frame above: debuggers and sanitizers stop here
    fibre.place[1] = reinterpret_cast<void*>(begin);
    fibre.place[2] = first_frame(stack);
}

[[gnu::noinline, gnu::no_sanitize("address")]] void jump(Fibre& from, Fibre& to) {
    leave(from, to);
    if (__builtin_setjmp(from.place) == 0)
        go(to);
    arrive(from);
}

} // namespace arch::host
