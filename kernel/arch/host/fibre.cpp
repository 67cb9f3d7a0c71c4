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
Fibre* entering = nullptr; // makecontext can pass integers only

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
    if (to.begun)
        __builtin_longjmp(to.place, 1);
    to.begun = true;
    setcontext(&to.beginning);
}

} // namespace

void prepare(Fibre& fibre, Bounds stack, void (*entry)(void*), void* argument) {
    fibre.bounds = stack;
    fibre.entry = entry;
    fibre.argument = argument;
    fibre.sanitizer_stack = nullptr;
    fibre.begun = false;
    if (__asan_unpoison_memory_region != nullptr) // whoever left this stack for good left marks
        __asan_unpoison_memory_region(stack.bottom, stack.size);
    getcontext(&fibre.beginning);
    fibre.beginning.uc_stack.ss_sp = stack.bottom;
    fibre.beginning.uc_stack.ss_size = stack.size;
    fibre.beginning.uc_link = nullptr;
    makecontext(&fibre.beginning, begin, 0);
}

[[gnu::noinline, gnu::no_sanitize("address")]] void jump(Fibre& from, Fibre& to) {
    leave(from, to);
    if (__builtin_setjmp(from.place) == 0)
        go(to);
    arrive(from);
}

} // namespace arch::host
