// SPDX-License-Identifier: BSD-2-Clause
// A lock for the registers of a device that several harts use, below all locks of the kernel: for
// the port that a panic prints through (console.cpp), and the interrupt controller (plic.cpp).
//
// Rules
//   - Masked, for a few instructions: no handler on this hart then waits for what it interrupted.
#pragma once

#include "arch/current.hpp"
#include "arch/machine.hpp"

namespace arch {

class DeviceLock {
public:
    void claim() {
        while (!compare_and_take(holder_, 0U, me()))
            relax();
        order_devices();
    }
    void release() {
        order_devices();
        store(holder_, 0U, __ATOMIC_RELEASE);
    }
    /// This hart has it, and will not come back to release it if it panics.
    [[nodiscard]] bool is_mine() const { return load(holder_, __ATOMIC_RELAXED) == me(); }

private:
    static u32 me() { return current().hart + 1U; }
    /// Acquire and release order memory alone; a device's registers are none.
    static void order_devices() { asm volatile("fence iorw, iorw" ::: "memory"); }

    u32 holder_ = 0; // 1 + the number of a hart; 0: nobody
};

} // namespace arch
