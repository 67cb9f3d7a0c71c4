// SPDX-License-Identifier: BSD-2-Clause
// What C++ and entry.S agree on.
#pragma once

#define INTERRUPT_FRAME 144
#define EXCEPTION_FRAME 288

#ifndef __ASSEMBLER__

#include "lib/types.hpp"

namespace arch {

/// Registers at an exception, as entry.S stores them.
struct ExceptionFrame {
    u64 pc;
    u64 x[31]; // x1 … x31
    u64 sstatus;
    u64 cause;
    u64 value; // stval: the bad address or instruction
    u64 padding;
};
static_assert(sizeof(ExceptionFrame) == EXCEPTION_FRAME);

/// Directs this hart's traps to entry.S and gives it an emergency stack (masked).
void init_traps(unsigned hart);

} // namespace arch

#endif
