// SPDX-License-Identifier: BSD-2-Clause
#include "irq/footing.hpp"

#include "hart/ipl.hpp"
#include "hart/panic.hpp"

namespace irq {

void Footing::check(const char* function) const {
    const arch::Current& now = arch::current();
    if (now.spin_depth != before_.spin_depth)
        hart::panic(function, " returned with ", now.spin_depth - before_.spin_depth,
                    " spin mutexes held");
    if (now.preempt_disabled != before_.preempt_disabled)
        hart::panic(function, " returned with preemption disabled");
    if (now.level != before_.level)
        hart::panic(function, " returned at level ", hart::ipl::names[now.level]);
}

} // namespace irq
