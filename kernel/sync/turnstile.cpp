// SPDX-License-Identifier: BSD-2-Clause
#include "sync/turnstile.hpp"

#include "hart/mutation.hpp"
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

void add_lender(Lwp& owner, Turnstile& turnstile) {
    turnstile.owner = &owner;
    turnstile.lent = 0;
    turnstile.next_lender = owner.lenders;
    owner.lenders = &turnstile;
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
    lock.turnstile = brought; // (1)
    if (owner != nullptr)
        add_lender(*owner, *brought);
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

/// Where the owner of `turnstile` waits itself, if it does.
Turnstile* next_in_chain(const Turnstile& turnstile) {
    const Lwp& owner = *turnstile.owner;
    return owner.state.peek() == LwpState::blocked ? owner.blocked_in : nullptr;
}

/// Lends the priority of the first waiter to the owner, if that is more than was lent so far.
void lend(Turnstile& turnstile) {
    Lwp& owner = *turnstile.owner;
    const Lwp& first = *turnstile.waiters.front();
    if (!inheritance || first.effective() <= turnstile.lent)
        return;
    turnstile.lent = first.effective();
    trace::record(trace::Lend{.lock = turnstile.lock->id,
                              .from = first.id(),
                              .to = owner.id(),
                              .priority = turnstile.lent});
    Turnstile* further = next_in_chain(turnstile);
    if (further != nullptr)
        further->waiters.remove(owner);
    sched::set_inherited(owner, highest_lent(owner));
    if (further != nullptr)
        sort_in(*further, owner);
}

/// Lends along the chain of owners. A turnstile that lends enough may still be part of a circle, so
/// the walk always goes to the end.
void lend_along(Turnstile* turnstile, const Lwp& self) {
    while (turnstile != nullptr && turnstile->owner != nullptr) {
        if (turnstile->owner == &self)
            report_deadlock(self);
        lend(*turnstile);
        turnstile = next_in_chain(*turnstile);
    }
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
    self.wants = hold;
    sort_in(turnstile, self);
    self.blocked_in = &turnstile;
    self.state.set(LwpState::blocked);
    trace::record(trace::LockBlock{.lock = lock.id,
                                   .owner = owner != nullptr ? owner->id() : trace::LwpId::none,
                                   .hold = hold});
    lend_along(&turnstile, self);
    sched::block();
}

void disown(Lock& lock) {
    ASSERT(sched::lock.held());
    Turnstile* turnstile = lock.turnstile;
    if (turnstile == nullptr || turnstile->owner == nullptr)
        return;

    Lwp& owner = *turnstile->owner;
    Turnstile** place = &owner.lenders;
    while (*place != turnstile)
        place = &(*place)->next_lender;
    *place = turnstile->next_lender;
    turnstile->next_lender = nullptr;
    turnstile->owner = nullptr;
    if (turnstile->lent == 0)
        return;
    turnstile->lent = 0;
    trace::record(trace::Unlend{.lock = lock.id, .from = owner.id()});
    if (hart::mutated(hart::Mutation::forget_lender))
        sched::set_inherited(owner, 0);
    else
        sched::set_inherited(owner, highest_lent(owner)); // (3)
}

void adopt(Lock& lock, Lwp& owner) {
    ASSERT(sched::lock.held());
    Turnstile* turnstile = lock.turnstile;
    if (turnstile == nullptr)
        return;
    ASSERT(turnstile->owner == nullptr);
    ASSERT(owner.blocked_in == nullptr); // so the chain ends here

    add_lender(owner, *turnstile);
    lend(*turnstile);
}

Lwp* first_waiter(const Lock& lock, Hold wants) {
    ASSERT(sched::lock.held());
    if (lock.turnstile == nullptr)
        return nullptr;
    for (Lwp* lwp = lock.turnstile->waiters.front(); lwp != nullptr;
         lwp = Turnstile::Waiters::next(*lwp))
        if (lwp->wants == wants)
            return lwp;
    return nullptr;
}

void wake(Lock& lock, Lwp& waiter) {
    ASSERT(sched::lock.held());
    Turnstile& turnstile = *lock.turnstile;
    ASSERT(waiter.blocked_in == &turnstile);

    turnstile.waiters.remove(waiter);
    waiter.blocked_in = nullptr;
    take_spare_home(turnstile, waiter); // (2)
    if (turnstile.waiters.empty()) {
        disown(lock);
        lock.turnstile = nullptr; // (1)
    }
    trace::record(trace::LockWake{.lock = lock.id, .subject = waiter.id()});
    sched::make_runnable(waiter);
}

void wake_all(Lock& lock) {
    disown(lock);
    while (lock.turnstile != nullptr)
        wake(lock, *lock.turnstile->waiters.front());
}

void assert_may_block(const Lock& lock, const char* primitive, lockcheck::Site site) {
    const Lwp& self = sched::current();
    auto refuse = [&](const auto&... why) {
        lockcheck::refuse(lock, site, primitive, " of ", lock.name, why...);
    };
    if (hart::in_timer())
        refuse(" in the timer interrupt");
    if (self.guest != nullptr)
        refuse(", for which one may have to wait, in ", self.guest->name,
               ", which has no LWP: it runs on the context of ", self.name);
    if (self.kind == sched::LwpKind::idle)
        refuse(" by the idle LWP ", self.name);
    if (self.current.spin_depth != 0)
        refuse(" with a spin mutex held");
    if (self.current.preempt_disabled != 0)
        refuse(" has to wait with preemption disabled");
}

} // namespace sync
