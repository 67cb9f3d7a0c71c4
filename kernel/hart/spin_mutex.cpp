// SPDX-License-Identifier: BSD-2-Clause
#include "hart/spin_mutex.hpp"

#include "hart/panic.hpp"
#include "trace/emit.hpp"

namespace hart {

void SpinMutex::check_entering(Before before, Site site) {
    lockcheck::entering(record_, trace::Hold::exclusive, site);
    if (before.level > record_.level)
        lockcheck::refuse(record_, site, "spin mutex ", name(), " of level ",
                          ipl::names[record_.level], " is entered at level ",
                          ipl::names[before.level]);
}

/// Another hart has it, or this one, which would wait for itself.
void SpinMutex::enter_slowly(Site site) {
    if (held())
        lockcheck::refuse(record_, site, "spin mutex ", name(),
                          " is entered by the hart that holds it");
    lockcheck::Waiting waiting(record_, site);
    do {
        while (word_.peek() != 0)
            arch::relax();
    } while (!word_.take(0, here() + 1));
}

void SpinMutex::check_exiting(Site site) {
    if (!held())
        lockcheck::refuse(record_, site, "exit of spin mutex ", name(),
                          ", which this hart does not hold");
    lockcheck::left(record_, site);
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
