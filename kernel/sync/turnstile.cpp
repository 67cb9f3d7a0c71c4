// SPDX-License-Identifier: BSD-2-Clause
#include "sync/turnstile.hpp"

#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

namespace sync {

using sched::LwpState;
using sched::Priority;

constinit bool inheritance = true;

namespace {

constinit Turnstile turnstiles[sched::max_lwps];

void sort_in(Turnstile& turnstile, Lwp& lwp) {
    Lwp* place = turnstile.waiters.front();
    while (place != nullptr && place->effective() >= lwp.effective())
        place = Turnstile::Waiters::next(*place);
    if (place != nullptr)
        turnstile.waiters.insert_before(*place, lwp); // (4)
    else
        turnstile.waiters.push_back(lwp);
}

/// The lock gets a turnstile, or one more spare. (2)
Turnstile& join(Lock& lock, Lwp* owner, Lwp& self) {
    Turnstile* brought = self.spare;
    self.spare = nullptr;
    Turnstile* turnstile = lock.turnstile;
    if (turnstile != nullptr) {
        ASSERT(turnstile->owner == owner);
        brought->next_spare = turnstile->spares;
        turnstile->spares = brought;
        return *turnstile;
    }
    ASSERT(brought->waiters.empty());
    brought->lock = &lock;
    brought->owner = owner;
    brought->lent = 0;
    lock.turnstile = brought; // (1)
    if (owner != nullptr) {
        brought->next_lender = owner->lenders;
        owner->lenders = brought;
    }
    return *brought;
}

void take_spare_home(Turnstile& turnstile, Lwp& lwp) {
    lwp.spare = turnstile.spares != nullptr ? turnstile.spares : &turnstile;
    if (turnstile.spares != nullptr)
        turnstile.spares = turnstile.spares->next_spare;
}

/// (3)
Priority highest_lent(const Lwp& lwp) {
    Priority highest = 0;
    for (const Turnstile* lender = lwp.lenders; lender != nullptr; lender = lender->next_lender)
        if (lender->lent > highest)
            highest = lender->lent;
    return highest;
}

[[noreturn]] void report_deadlock(const Lwp& self) {
    lib::Line chain;
    chain.add("deadlock: ", self.name);
    const Lwp* lwp = &self;
    do {
        const Lock& lock = *lwp->blocked_in->lock;
        lwp = lwp->blocked_in->owner;
        chain.add(" waits for ", lock.name, " of ", lwp->name, lwp == &self ? "" : ", which");
    } while (lwp != &self);
    hart::panic("", chain);
}

/// Lends from the first waiter of `turnstile` along the chain of owners.
void lend_along(Turnstile* turnstile, const Lwp& self) {
    while (turnstile != nullptr && turnstile->owner != nullptr) {
        Lwp& owner = *turnstile->owner;
        if (&owner == &self)
            report_deadlock(self);
        Turnstile* further = owner.state.peek() == LwpState::blocked ? owner.blocked_in : nullptr;
        const Lwp& first = *turnstile->waiters.front();
        // A turnstile that lends enough may still be part of a circle, so the walk goes on.
        if (inheritance && first.effective() > turnstile->lent) {
            turnstile->lent = first.effective();
            trace::record(trace::Lend{.lock = turnstile->lock->id,
                                      .from = first.id(),
                                      .to = owner.id(),
                                      .priority = turnstile->lent});
            if (further != nullptr)
                further->waiters.remove(owner);
            sched::set_inherited(owner, highest_lent(owner));
            if (further != nullptr)
                sort_in(*further, owner);
        }
        turnstile = further;
    }
}

/// The owner no longer inherits through this turnstile.
void take_back(Turnstile& turnstile) {
    Lwp* owner = turnstile.owner;
    if (owner == nullptr)
        return;
    Turnstile** place = &owner->lenders;
    while (*place != &turnstile)
        place = &(*place)->next_lender;
    *place = turnstile.next_lender;
    turnstile.next_lender = nullptr;
    turnstile.owner = nullptr;
    if (turnstile.lent == 0)
        return;
    trace::record(trace::Unlend{.lock = turnstile.lock->id, .from = owner->id()});
    sched::set_inherited(*owner, highest_lent(*owner)); // (3)
}

} // namespace

constinit Lock* all_locks = nullptr;

Turnstile& turnstile_of(unsigned id) {
    return turnstiles[id - 1];
}

void block(Lock& lock, Lwp* owner, Hold hold) {
    ASSERT(sched::lock.held());
    Lwp& self = sched::current();

    Turnstile& turnstile = join(lock, owner, self);
    sort_in(turnstile, self);
    self.blocked_in = &turnstile;
    self.state.set(LwpState::blocked);
    trace::record(trace::LockBlock{.lock = lock.id,
                                   .owner = owner != nullptr ? owner->id() : trace::LwpId::none,
                                   .hold = hold});
    lend_along(&turnstile, self);
    sched::block();
}

void wake_all(Lock& lock) {
    ASSERT(sched::lock.held());
    Turnstile* turnstile = lock.turnstile;
    if (turnstile == nullptr)
        return;

    lock.turnstile = nullptr; // (1)
    Turnstile::Waiters woken;
    while (Lwp* waiter = turnstile->waiters.pop_front()) {
        waiter->blocked_in = nullptr;
        take_spare_home(*turnstile, *waiter); // (2)
        trace::record(trace::LockWake{.lock = lock.id, .subject = waiter->id()});
        woken.push_back(*waiter);
    }
    take_back(*turnstile);
    while (Lwp* waiter = woken.pop_front())
        sched::make_runnable(*waiter);
}

} // namespace sync
