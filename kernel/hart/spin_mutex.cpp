// SPDX-License-Identifier: BSD-2-Clause
#include "hart/spin_mutex.hpp"

#include "hart/panic.hpp"
#include "trace/emit.hpp"

namespace hart {

SpinMutex::Before SpinMutex::enter() {
    arch::Current& lwp = arch::self();
    // From the first of these two on, the LWP cannot leave the hart.
    lwp.spin_depth++; // (1)
    Before before{level_ >= ipl::clock ? arch::irq_save() : 0, lwp.level};
    ASSERT(before.level <= level_);
    ASSERT(!held());

    lwp.level = level_;
    while (!word_.take(0, here() + 1)) // (2)
        while (word_.peek() != 0)
            arch::relax();
    trace::carry_in(stamp_);
    return before;
}

void SpinMutex::exit(Before before) {
    ASSERT(held());
    arch::Current& lwp = arch::self();
    ASSERT(lwp.spin_depth > 0);

    stamp_ = trace::carry_out();
    word_.publish(0);
    lwp.level = before.level;
    lwp.spin_depth--; // (1)
    if (level_ >= ipl::clock)
        arch::irq_restore(before.irq);
    pay_debts();
}

void SpinMutex::exit_handed_over() {
    ASSERT(held());

    stamp_ = trace::carry_out();
    word_.publish(0);
}

} // namespace hart
