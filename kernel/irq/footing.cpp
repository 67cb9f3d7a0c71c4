// SPDX-License-Identifier: BSD-2-Clause
#include "irq/footing.hpp"

#include "hart/ipl.hpp"
#include "hart/panic.hpp"
#include "sync/kernel_lock.hpp"

namespace irq {

Footing::Footing()
    : before_(arch::current())
    , kernel_holds_(sync::kernel_lock.holds()) {}

void Footing::check(const char* function) const {
    const arch::Current& now = arch::current();
    if (now.spin_depth != before_.spin_depth)
        hart::panic(function, " returned with ", now.spin_depth - before_.spin_depth,
                    " spin mutexes held");
    if (now.preempt_disabled != before_.preempt_disabled)
        hart::panic(function, " returned with preemption disabled");
    if (sync::kernel_lock.holds() != kernel_holds_)
        hart::panic(function, " returned with ", sync::kernel_lock.holds() - kernel_holds_,
                    " holds of kernel_lock");
    if (now.level != before_.level)
        hart::panic(function, " returned at level ", hart::ipl::names[now.level]);
}

} // namespace irq
