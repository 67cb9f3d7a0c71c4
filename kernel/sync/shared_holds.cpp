// SPDX-License-Identifier: BSD-2-Clause
#include "sync/shared_holds.hpp"

#include "hart/panic.hpp"

namespace sync {

bool holds_shared(const Lwp& lwp, const Lock& lock) {
    for (const Lock* held : lwp.shared_holds)
        if (held == &lock)
            return true;
    return false;
}

void note_shared(Lwp& lwp, Lock& lock) {
    ASSERT(!holds_shared(lwp, lock)); // (1)

    for (Lock*& place : lwp.shared_holds) {
        if (place == nullptr) {
            place = &lock;
            return;
        }
    }
    hart::panic("", lwp.name, " reads ", lock.name, " and ", sched::max_shared_holds,
                " other locks: more than it can note");
}

void assert_shared(const Lwp& lwp, const Lock& lock, const char* primitive, lockcheck::Site site) {
    if (!holds_shared(lwp, lock))
        lockcheck::refuse(lock, site, primitive, " of ", lock.name, ", which ", lwp.name,
                          " does not hold");
}

void forget_shared(Lwp& lwp, const Lock& lock, const char* primitive, lockcheck::Site site) {
    for (Lock*& place : lwp.shared_holds) {
        if (place == &lock) {
            place = nullptr;
            return;
        }
    }
    assert_shared(lwp, lock, primitive, site);
}

} // namespace sync
