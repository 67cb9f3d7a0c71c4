// SPDX-License-Identifier: BSD-2-Clause
// A turnstile is the waiting room of one lock, and where priority is lent (turnstile(9)).
//
//   waiter ──block()──▶ turnstile ──lends priority──▶ owner of the lock ──is blocked──▶ next one …
//   owner ──wake_all()─▶ turnstile ──takes it back, wakes───▶ all waiters
//
// It exists only while somebody waits. Every LWP brings one turnstile into the world: the first
// waiter's becomes the lock's, later waiters park theirs on its spare list, and whoever leaves
// takes one home. So a lock pays one pointer for having a waiting room, and blocking never
// allocates.
//
// Priority inheritance: an owner inherits the highest effective priority among the waiters of all
// locks that it holds. block() walks the chain: the owner may itself be blocked, and then lends on.
// An owner that gets a new priority moves on its run queue or in its turnstile. When a lock is
// released its owner keeps what its other turnstiles lend: several lenders are a list, and the
// maximum is taken anew (S3.16). The chain is walked under sched::lock, so nobody can move
// meanwhile, and a chain that arrives where it began is a deadlock, caught and named on the spot.
//
// Readers of an RW lock are the limit: nobody knows who of them will be last, so waiters lend to
// none (`owner` is null), and the wait is as long as the slowest reader takes. A read-mostly lock
// knows its readers, and its writer lends to one after the other (read_mostly.hpp).
//
// Who is woken is the lock's policy, made of the four small steps at the end: a mutex wakes all and
// lets them try again, so a lock that is free is never idle while its next owner waits for a hart;
// an RW lock hands itself over, so that readers and writers keep their turns (rw_lock.hpp).
//
// Rules
//   - Everything here is called with sched::lock held.
//   - Interrupt and softint LWPs may block here; idle LWPs and the timer interrupt may not.
// Invariants
//   (1) A lock has a turnstile exactly if somebody waits for it.
//   (2) A turnstile has as many waiters as spares, plus one (itself).
//   (3) An LWP inherits the maximum of `lent` over its lenders.
//   (4) Waiters are sorted by effective priority, and by arrival among equals.
// Why one queue for readers and writers, where NetBSD has two? Each waiter says how it wants the
// lock (Lwp::wants), the queue is short, and the first that lends is its front.
// Why no hash table of turnstiles, as in NetBSD? It saves the pointer and hides the object we
// teach.
// Read next: turnstile.cpp, mutex.hpp
#pragma once

#include "lockcheck/hook.hpp"
#include "sched/lwp.hpp"

namespace sync {

using sched::Lwp;
using trace::Hold;
using trace::LockId;
using trace::LockKind;

struct Turnstile;

/// What every lock with a waiting room has. Its name, and who initialised it, are in the record.
struct Lock : lockcheck::Record {
    LockId id{};
    LockKind kind{};
    Turnstile* turnstile = nullptr; // (1)
    Lock* next = nullptr;           // all locks, for panics and the monitor

    /// Makes the lock ready, names it for events and lists it. Panics if it is ready already. Takes
    /// sched::lock.
    void announce(const char* lock_name, LockKind lock_kind, trace::Level lock_level,
                  lockcheck::Site site);
    /// Takes it off that list; from now on it is destroyed. Takes sched::lock.
    void retire(lockcheck::Site site);
    /// Who holds it exclusively now, or null. A glance, unless sched::lock is held and it has
    /// waiters.
    [[nodiscard]] Lwp* owner() const;
};

struct Turnstile {
    using Waiters = lib::List<Lwp, &Lwp::queue_link>;

    Lock* lock = nullptr;
    Lwp* owner = nullptr;             // who inherits; null if nobody can, see above
    sched::Priority lent = 0;         // to the owner
    Waiters waiters;                  // (4)
    Turnstile* next_lender = nullptr; // of the same owner
    Turnstile* next_spare = nullptr;
    Turnstile* spares = nullptr; // (2)
};

/// The turnstile that LWP `id` brings into the world.
[[nodiscard]] Turnstile& turnstile_of(unsigned id);

extern constinit bool inheritance; // boot parameter `pi`

/// Waits for the lock, which `owner` holds: enters the turnstile, lends, leaves the hart. Returns
/// when woken; the caller tries again. `hold` is how it wants the lock.
void block(Lock& lock, Lwp* owner, Hold hold);

/// The current LWP has released the lock: takes back what was lent through it and makes all waiters
/// runnable.
void wake_all(Lock& lock);

// What wake_all() is made of, for locks that choose. Nothing happens if nobody waits.

/// Whoever inherits through this lock does so no longer.
void disown(Lock& lock);
/// `owner` holds the lock from now on: those who still wait lend to it.
void adopt(Lock& lock, Lwp& owner);
/// The most urgent waiter that wants the lock so; null if there is none.
[[nodiscard]] Lwp* first_waiter(const Lock& lock, Hold wants);
/// Takes one waiter out of the turnstile and makes it runnable.
void wake(Lock& lock, Lwp& waiter);

/// Panics if the current context may not wait for a lock: the timer interrupt, a handler without an
/// LWP, an idle LWP, a spin mutex held, preemption disabled. `primitive` is what it calls (any
/// context, no lock).
void assert_may_block(const Lock& lock, const char* primitive, lockcheck::Site site);

/// Calls fn(lock) for every lock (lock held, or the machine stopped).
extern constinit Lock* all_locks;
void for_each_lock(auto&& fn) {
    for (Lock* lock = all_locks; lock != nullptr; lock = lock->next)
        fn(*lock);
}

} // namespace sync
