// SPDX-License-Identifier: BSD-2-Clause
// What C++ and boot.S agree on: the block by which a hart learns what to run.
#pragma once

#define MAX_HARTS 8
#define BOOT_STACK_SIZE 32768
#define START_READY 0
#define START_HART_ID 8
#define START_LWP 16
#define START_STACK 24
#define START_SIZE 64

#ifndef __ASSEMBLER__

#include "arch/machine.hpp"

#include <cstddef>

namespace arch {

struct alignas(64) Start {
    u64 ready;   // last to be written: the rest is valid
    u64 hart_id; // the hardware's name for it
    sched::Lwp* lwp;
    void* stack; // its upper end
    u64 number;  // ours
    Entry entry;
    void* argument;
};
static_assert(offsetof(Start, ready) == START_READY);
static_assert(offsetof(Start, hart_id) == START_HART_ID);
static_assert(offsetof(Start, lwp) == START_LWP);
static_assert(offsetof(Start, stack) == START_STACK);
static_assert(sizeof(Start) == START_SIZE);
static_assert(max_harts == MAX_HARTS);

} // namespace arch

#endif
