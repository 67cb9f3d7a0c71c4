// SPDX-License-Identifier: BSD-2-Clause
#include "irq/footing.hpp"

#include "hart/ipl.hpp"
#include "hart/panic.hpp"
#include "lockcheck/held.hpp"
#include "sync/kernel_lock.hpp"

namespace irq {

Footing::Footing()
    : before_(arch::current())
    , kernel_holds_(sync::kernel_lock.holds())
    , locks_(lockcheck::own_holdings().count) {}

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
    // The checker's list is empty while nobody is armed to fill it.
    const lockcheck::Holdings& holdings = lockcheck::own_holdings();
    if (lockcheck::armed() && holdings.count > locks_) {
        const lockcheck::Holding& last = holdings.held[holdings.count - 1];
        hart::panic(function, " returned holding ", last.record->name, ", which it entered at ",
                    last.site.file(), ":", last.site.line());
    }
    if (now.level != before_.level)
        hart::panic(function, " returned at level ", hart::ipl::names[now.level]);
}

} // namespace irq
