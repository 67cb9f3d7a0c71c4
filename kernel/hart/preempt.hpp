// SPDX-License-Identifier: BSD-2-Clause
// Kernel preemption off for a stretch, without a mutex (kpreempt(9), S3.10).
//
//   hart::PreemptGuard guard;         nests; a switch that was refused meanwhile is made at the end
//
// Rules
//   - The count belongs to the LWP. Blocking or sleeping while it is not zero panics.
//   - Interrupts still come in; only mi_switch to another LWP is put off.
// Read next: sched/preempt.cpp
#pragma once

#include "hart/hart.hpp"

namespace hart {

inline void preempt_disable() {
    arch::self().preempt_disabled++;
}
inline void preempt_enable() {
    if (--arch::self().preempt_disabled == 0)
        pay_debts();
}

class [[nodiscard]] PreemptGuard {
public:
    PreemptGuard() { preempt_disable(); }
    ~PreemptGuard() { preempt_enable(); }
    PreemptGuard(const PreemptGuard&) = delete;
    PreemptGuard& operator=(const PreemptGuard&) = delete;
};

/// Interrupts of this hart disabled for a block. Does not pay debts: what is owed is found at the
/// next place that does, or by the caller.
class [[nodiscard]] IrqGuard {
public:
    IrqGuard()
        : saved_(arch::irq_save()) {}
    ~IrqGuard() { arch::irq_restore(saved_); }
    IrqGuard(const IrqGuard&) = delete;
    IrqGuard& operator=(const IrqGuard&) = delete;

private:
    u64 saved_;
};

} // namespace hart
