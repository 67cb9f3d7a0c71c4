// SPDX-License-Identifier: BSD-2-Clause
// The lock beneath all locks: the trace's own, because the kernel's locks emit events.
//
// Rules
//   - Held for a bounded number of instructions, interrupts disabled; the last in every lock order.
//   - While holding one, call nothing that may want the same one; record() may want drain's.
#pragma once

#include "arch/machine.hpp"

namespace trace {

class RawLock {
public:
    /// Held as long as this object lives.
    class Guard {
    public:
        explicit Guard(RawLock& lock)
            : lock_(lock)
            , saved_(arch::irq_save()) {
            while (__atomic_exchange_n(&lock_.word_, 1, __ATOMIC_ACQUIRE) != 0)
                arch::relax();
        }
        ~Guard() {
            lock_.release();
            arch::irq_restore(saved_);
        }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

    private:
        RawLock& lock_;
        u64 saved_;
    };

    /// For the end of the machine: takes it whoever has it, and never gives it back.
    void seize() { __atomic_store_n(&word_, 1, __ATOMIC_RELEASE); }
    void release() { __atomic_store_n(&word_, 0, __ATOMIC_RELEASE); }

private:
    u32 word_ = 0;
};

} // namespace trace
