// SPDX-License-Identifier: BSD-2-Clause
// What the events about locks, turnstiles and lent priority do to a State.
#include "model/transition.hpp"

#include <algorithm>

namespace model {

namespace {

// More holds than this are noted but not listed, so that a hostile trace cannot make states grow.
constexpr usize most_holds = 64;

} // namespace

// Whoever holds a spin mutex is at its level or above it.
void Transition::raise_for(Lwp& holder, LockId spin_mutex, Level level) {
    if (holder.raises.size() < most_holds)
        holder.raises.push_back({spin_mutex, holder.level});
    set_level(holder.id, std::max(level, holder.level));
}

// Spin mutexes are left in any order: a newer one inherits to what this one would have gone back.
void Transition::lower_for(Lwp& holder, LockId spin_mutex) {
    auto left = std::find_if(holder.raises.rbegin(), holder.raises.rend(),
                             [&](const Raise& raise) { return raise.lock == spin_mutex; });
    if (left == holder.raises.rend())
        return;
    if (left == holder.raises.rbegin())
        set_level(holder.id, left->before);
    else
        std::prev(left)->before = left->before;
    holder.raises.erase(std::next(left).base());
}

void Transition::operator()(const LockInit& event) {
    Lock* made = lock(event.lock);
    if (made == nullptr)
        return;
    if (made->known && (made->owner != LwpId::none || !made->waiters.empty()))
        impossible(called(event.lock) + " is initialised while in use");
    *made = Lock{};
    made->known = true;
    made->kind = event.kind;
    made->level = event.level;
}

void Transition::operator()(const LockDestroy& event) {
    Lock* gone = lock(event.lock);
    if (gone == nullptr)
        return;
    if (gone->owner != LwpId::none || !gone->shared.empty())
        impossible(called(event.lock) + " is destroyed while it is held");
    else if (!gone->waiters.empty())
        impossible(called(event.lock) + " is destroyed while " + called(gone->waiters.front())
                   + " waits for it");
    gone->known = false;
}

void Transition::operator()(const LockAcquire& event) {
    Lwp* taker = lwp(lwp_);
    Lock* taken = lock(event.lock);
    if (taker == nullptr || taken == nullptr)
        return;
    if (taken->owner != LwpId::none)
        impossible(called(lwp_) + " acquires " + called(event.lock) + ", which "
                   + called(taken->owner) + " holds");
    if (event.hold == Hold::exclusive && !taken->shared.empty())
        impossible(called(lwp_) + " acquires " + called(event.lock) + ", which has readers");
    if (taker->blocked_on == event.lock)
        impossible(called(lwp_) + " acquires " + called(event.lock) + " while in its turnstile");
    leave_spinners(*taker);
    taken->known = true;
    taken->acquisitions++;
    taken->contentions += event.contended != 0 ? 1 : 0;
    if (event.hold == Hold::exclusive) {
        taken->shared.clear();
        taken->owner = lwp_;
    } else if (taken->shared.size() < max_lwps) {
        taken->shared.push_back(lwp_);
    }
    if (taker->holds.size() < most_holds)
        taker->holds.push_back(event.lock);
    if (taken->kind == LockKind::spin_mutex)
        raise_for(*taker, event.lock, taken->level);
}

void Transition::operator()(const LockRelease& event) {
    Lock* given = lock(event.lock);
    if (lwp(lwp_) == nullptr || given == nullptr)
        return;
    bool held =
        event.hold == Hold::exclusive ? given->owner == lwp_ : take_out(given->shared, lwp_);
    if (!held)
        impossible(called(lwp_) + " releases " + called(event.lock) + ", which "
                   + called(given->owner) + " holds");
    if (event.hold == Hold::exclusive) {
        if (Lwp* owner = given->owner == LwpId::none ? nullptr : lwp(given->owner))
            take_out(owner->holds, event.lock);
        given->owner = LwpId::none;
    } else {
        take_out(lwp(lwp_)->holds, event.lock);
    }
    if (given->kind == LockKind::spin_mutex)
        lower_for(*lwp(lwp_), event.lock);
}

void Transition::operator()(const LockSpin& event) {
    Lwp* waiter = lwp(lwp_);
    Lock* wanted = lock(event.lock);
    if (waiter == nullptr || wanted == nullptr)
        return;
    leave_spinners(*waiter);
    wanted->spinners.push_back(lwp_);
    waiter->spinning = true;
    waiter->spinning_for = event.lock;
}

void Transition::operator()(const LockBlock& event) {
    Lwp* waiter = lwp(lwp_);
    Lock* wanted = lock(event.lock);
    if (waiter == nullptr || wanted == nullptr)
        return;
    must_run_here(lwp_, "blocks");
    // The writer of a read-mostly lock waits for its readers one by one.
    bool for_a_reader = std::count(wanted->shared.begin(), wanted->shared.end(), event.owner) != 0;
    if (wanted->owner != event.owner && !for_a_reader)
        impossible(called(lwp_) + " blocks on " + called(event.lock) + " because of "
                   + called(event.owner) + ", but " + called(wanted->owner) + " holds it");
    leave_spinners(*waiter);
    leave_turnstile(*waiter);
    enter_turnstile(*waiter, *wanted);
    waiter->blocked_on = event.lock;
    waiter->wants = event.hold;
    set_state(*waiter, LwpState::blocked);
}

void Transition::operator()(const LockWake& event) {
    Lwp* woken = lwp(event.subject);
    if (woken == nullptr)
        return;
    if (woken->blocked_on != event.lock)
        impossible(called(event.subject) + " is woken from the turnstile of " + called(event.lock)
                   + ", in which it is not");
    leave_turnstile(*woken);
}

void Transition::operator()(const Lend& event) {
    Lock* through = lock(event.lock);
    if (through == nullptr)
        return;
    if (through->owner != event.to && through->owner != LwpId::none)
        impossible(called(event.from) + " lends to " + called(event.to) + " through "
                   + called(event.lock) + ", which " + called(through->owner) + " holds");
    through->lender = event.from;
    through->lent_to = event.to;
    through->lent = event.priority;
}

void Transition::operator()(const Unlend& event) {
    Lock* through = lock(event.lock);
    if (through == nullptr)
        return;
    if (through->lent_to != event.from)
        impossible(called(event.from) + " gives back a priority that it was not lent through "
                   + called(event.lock));
    through->lender = through->lent_to = LwpId::none;
    through->lent = 0;
}

void Transition::operator()(const LockUpgrade& event) {
    Lock* held = lock(event.lock);
    if (held == nullptr)
        return;
    if (held->shared.size() != 1 || held->shared.front() != lwp_ || held->owner != LwpId::none)
        impossible(called(lwp_) + " upgrades its hold of " + called(event.lock)
                   + ", whose only reader it is not");
    held->shared.clear();
    held->owner = lwp_;
}

void Transition::operator()(const LockDowngrade& event) {
    Lock* held = lock(event.lock);
    if (held == nullptr)
        return;
    if (held->owner != lwp_)
        impossible(called(lwp_) + " downgrades " + called(event.lock) + ", which "
                   + called(held->owner) + " holds");
    held->owner = LwpId::none;
    held->shared.assign(1, lwp_);
}

void Transition::operator()(const SemaphoreValue& event) {
    if (Channel* semaphore = channel(event.channel)) {
        semaphore->counts = true;
        semaphore->value = event.value;
    }
}

} // namespace model
