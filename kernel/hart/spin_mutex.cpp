// SPDX-License-Identifier: BSD-2-Clause
#include "hart/spin_mutex.hpp"

#include "hart/panic.hpp"
#include "trace/emit.hpp"

namespace hart {

SpinMutex::Before SpinMutex::enter(Site site) {
    lockcheck::entering(record_, trace::Hold::exclusive, site);
    arch::Current& lwp = arch::self();
    // From the first of these two on, the LWP cannot leave the hart.
    lwp.spin_depth++; // (1)
    Before before{record_.level >= ipl::clock ? arch::irq_save() : 0, lwp.level};
    if (before.level > record_.level) [[unlikely]]
        lockcheck::refuse(record_, site, "spin mutex ", name(), " of level ",
                          ipl::names[record_.level], " is entered at level ",
                          ipl::names[before.level]);
    if (held()) [[unlikely]]
        lockcheck::refuse(record_, site, "spin mutex ", name(),
                          " is entered by the hart that holds it");

    lwp.level = record_.level;
    if (!word_.take(0, here() + 1)) // (2)
        spin(site);
    trace::carry_in(stamp_);
    lockcheck::entered(record_, trace::Hold::exclusive, site);
    return before;
}

void SpinMutex::spin(Site site) {
    lockcheck::Waiting waiting(record_, site);
    do {
        while (word_.peek() != 0)
            arch::relax();
    } while (!word_.take(0, here() + 1));
}

void SpinMutex::exit(Before before, Site site) {
    arch::Current& lwp = arch::self();
    if (!held()) [[unlikely]]
        lockcheck::refuse(record_, site, "exit of spin mutex ", name(),
                          ", which this hart does not hold");
    lockcheck::left(record_, site);

    stamp_ = trace::carry_out();
    word_.publish(0);
    lwp.level = before.level;
    lwp.spin_depth--; // (1)
    if (record_.level >= ipl::clock)
        arch::irq_restore(before.irq);
    pay_debts();
}

void SpinMutex::enter_for_next(Site site) {
    static_cast<void>(enter(site));
    lockcheck::left(record_, site);
}

void SpinMutex::exit_handed_over() {
    ASSERT(held());

    stamp_ = trace::carry_out();
    word_.publish(0);
}

} // namespace hart
