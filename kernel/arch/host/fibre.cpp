// SPDX-License-Identifier: BSD-2-Clause
#include "fibre.hpp"

#include <sanitizer/common_interface_defs.h>

// Defined by the sanitizer's run time if the program is linked with it; a build without sanitizers
// (the fast explorer) finds the empty ones below.
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void**, const void*, size_t) {}
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void*, const void**, size_t*) {}
}

namespace arch::host {

namespace {

Fibre* entering = nullptr; // makecontext can pass integers only

void begin() {
    Fibre* fibre = entering;
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
    fibre->entry(fibre->argument);
    __builtin_trap(); // entry must not return
}

} // namespace

void prepare(Fibre& fibre, Bounds stack, void (*entry)(void*), void* argument) {
    fibre.bounds = stack;
    fibre.entry = entry;
    fibre.argument = argument;
    fibre.sanitizer_stack = nullptr;
    getcontext(&fibre.place);
    fibre.place.uc_stack.ss_sp = stack.bottom;
    fibre.place.uc_stack.ss_size = stack.size;
    fibre.place.uc_link = nullptr;
    makecontext(&fibre.place, begin, 0);
}

void jump(Fibre& from, Fibre& to) {
    entering = &to;
    __sanitizer_start_switch_fiber(&from.sanitizer_stack, to.bounds.bottom, to.bounds.size);
    swapcontext(&from.place, &to.place);
    __sanitizer_finish_switch_fiber(from.sanitizer_stack, nullptr, nullptr);
}

} // namespace arch::host
