// SPDX-License-Identifier: BSD-2-Clause
// A fibre: a stack and the place where its execution stands, switched by hand within one OS thread.
//
// Every switch is announced to AddressSanitizer, which otherwise takes the other stack for a wild
// pointer. The announcement needs the bounds of the stack that is being left and of the one being
// entered, so a fibre carries its bounds.
// Why not swapcontext? It asks the operating system twice per switch (signal masks), and makes
// AddressSanitizer forget what it knew of the stack. The compiler's own setjmp is five words.
// Read next: fibre.cpp
#pragma once

#include "lib/types.hpp"

namespace arch::host {

struct Bounds {
    void* bottom = nullptr;
    usize size = 0;
};

struct Fibre {
    void* place[5] = {}; // frame, instruction, stack, and what the compiler likes
    Bounds bounds;
    void* sanitizer_stack = nullptr;
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
};

/// Prepares `fibre` to run entry(argument) on a stack. `entry` never returns.
void prepare(Fibre& fibre, Bounds stack, void (*entry)(void*), void* argument);

/// Leaves the running fibre, whose stack has the bounds from.bounds, and goes on in `to`.
void jump(Fibre& from, Fibre& to);

} // namespace arch::host
