// SPDX-License-Identifier: BSD-2-Clause
// What all locks have in common: a name, a place in the list of locks, and what a panic says of
// them.
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/long_term_lock.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"
#include "trace/names.hpp"

namespace sync {

namespace {

constinit u32 last_id = 0;

/// Names the current LWP and the locks it holds, for a panic. Takes no lock: the machine has
/// stopped making sense.
void testify(void (*print)(const lib::Line&)) {
    const Lwp& self = sched::current();
    if (self.current.id == 0)
        return; // no LWP yet
    lib::Line who;
    who.add("  current LWP: ", self.name);
    if (self.serving != nullptr)
        who.add(", serving ", self.serving);
    if (self.victim != nullptr)
        who.add(", on the context of ", self.victim->name);
    print(who);
    for_each_lock([&](const Lock& lock) {
        if (lock.owner() != &self)
            return;
        lib::Line held;
        held.add("  holds ", lock.name, lock.turnstile != nullptr ? ", which others wait for" : "");
        print(held);
    });
}

lockcheck::Nature nature_of(LockKind kind) {
    switch (kind) {
    case LockKind::spin_mutex:
        return lockcheck::Nature::spins;
    case LockKind::kernel_lock:
        return lockcheck::Nature::big;
    case LockKind::long_term_lock:
        return lockcheck::Nature::sleeps;
    default:
        return lockcheck::Nature::blocks;
    }
}

} // namespace

void Lock::announce(const char* lock_name, LockKind lock_kind, trace::Level lock_level,
                    lockcheck::Site site) {
    lockcheck::init(*this, lock_name, nature_of(lock_kind), lock_level, site);

    hart::SpinGuard guard(sched::lock);
    if (last_id == 0)
        hart::add_witness(testify);
    kind = lock_kind;
    id = static_cast<LockId>(++last_id);
    next = all_locks;
    all_locks = this;
    trace::name(id, name);
    trace::record(trace::LockInit{.lock = id, .kind = kind, .level = level});
}

void Lock::retire(lockcheck::Site site) {
    lockcheck::destroy(*this, site);

    hart::SpinGuard guard(sched::lock);
    ASSERT(turnstile == nullptr);

    Lock** place = &all_locks;
    while (*place != this)
        place = &(*place)->next;
    *place = next;
    trace::record(trace::LockDestroy{.lock = id});
}

Lwp* Lock::owner() const {
    switch (kind) {
    case LockKind::adaptive_mutex:
    case LockKind::spin_mutex:
        return Mutex::of(*this).owner();
    case LockKind::rw_lock:
        return RwLock::of(*this).writer();
    case LockKind::read_mostly_lock:
        return ReadMostlyLock::of(*this).writer();
    case LockKind::kernel_lock:
        return kernel_lock.owner();
    case LockKind::long_term_lock:
        return LongTermLock::of(*this).owner();
    }
    return nullptr;
}

} // namespace sync
