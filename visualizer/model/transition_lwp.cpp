// SPDX-License-Identifier: BSD-2-Clause
// What the events about LWPs, run queues, sleep queues and priorities do to a State.
#include "model/transition.hpp"

#include "trace/words.hpp"

namespace model {

void Transition::operator()(const LwpCreate& event) {
    auto id = static_cast<u32>(event.subject);
    Lwp* born = slot(state_.lwps, id, max_lwps, "LWP");
    if (born == nullptr)
        return;
    if (born->known) {
        if (born->state != LwpState::zombie)
            impossible(called(event.subject) + " is created twice");
        leave(*born);
    }
    *born = Lwp{};
    born->known = true;
    born->id = event.subject;
    born->kind = event.kind;
    born->home = event.home;
    born->own = born->effective = event.priority;
    set_state(*born, event.state);
    if (event.state != LwpState::running)
        return;
    HartId on = event.home == HartId::none ? hart_ : event.home;
    if (Hart* first = hart(on)) {
        if (first->running != LwpId::none)
            impossible(called(event.subject) + " starts on " + called(on) + ", where "
                       + called(first->running) + " runs");
        first->running = event.subject;
        born->hart = on;
    }
}

void Transition::operator()(const LwpExit& event) {
    if (Lwp* subject = lwp(event.subject)) {
        if (!subject->holds.empty())
            impossible(called(event.subject) + " exits holding " + called(subject->holds.back()));
        set_state(*subject, LwpState::zombie);
    }
}

void Transition::operator()(const Runnable& event) {
    Lwp* subject = lwp(event.subject);
    if (subject == nullptr)
        return;
    if (subject->blocked_on != LockId::none || subject->sleeps_on != ChannelId::none
        || subject->state == LwpState::pinned || subject->state == LwpState::zombie)
        impossible(called(event.subject) + " becomes runnable although it is "
                   + word(subject->state));
    if (dequeue(*subject))
        impossible(called(event.subject) + " is put on a second run queue");
    leave_turnstile(*subject);
    leave_channel(*subject);
    subject->effective = event.priority;
    enqueue(*subject, event.on, event.at_head != 0);
}

void Transition::operator()(const Steal& event) {
    Lwp* subject = lwp(event.subject);
    if (subject == nullptr)
        return;
    if (subject->hart != event.from || !dequeue(*subject))
        impossible(called(event.subject) + " is stolen from " + called(event.from)
                   + ", on whose run queue it is not");
    enqueue(*subject, event.to, false);
}

void Transition::leave_behind(LwpId id, LwpState state) {
    Lwp* previous = lwp(id);
    if (previous == nullptr)
        return;
    bool settled = previous->state == state; // Runnable, Sleep, LockBlock or LwpExit came before
    bool may_settle_here = state == LwpState::idle || state == LwpState::zombie;
    if (!settled && !may_settle_here)
        impossible(called(id) + " is left " + word(state) + " but was " + word(previous->state));
    if (state != LwpState::runnable || !settled)
        previous->hart = HartId::none;
    if (!settled)
        set_state(*previous, state);
    if (may_settle_here)
        previous->level = 0;
}

bool Transition::runs_elsewhere(LwpId id) const {
    for (const Hart& each : state_.harts)
        if (each.running == id && &each != &state_.harts[static_cast<usize>(hart_)])
            return true;
    return false;
}

void Transition::operator()(const Switch& event) {
    must_run_here(event.previous, "is switched away");
    if (!here().pinned.empty())
        impossible(called(event.previous) + " is switched away above "
                   + called(here().pinned.back()) + ", whose context it borrows");
    leave_behind(event.previous, event.state);
    Lwp* next = lwp(event.next);
    if (next != nullptr) {
        bool elsewhere = runs_elsewhere(event.next);
        bool queued = next->hart == hart_ && dequeue(*next);
        if (elsewhere)
            impossible(called(event.next) + " runs on two harts");
        else if (!queued && next->kind != LwpKind::idle)
            impossible(called(event.next) + " starts to run but was on no run queue of "
                       + called(hart_));
        if (elsewhere || !queued)
            leave(*next);
    }
    here().resched_for = LwpId::none;
    here().refusal_pending = false;
    dispatch(event.next);
}

void Transition::operator()(const PriorityChange& event) {
    Lwp* subject = lwp(event.subject);
    if (subject == nullptr)
        return;
    if (event.effective != (event.own > event.inherited ? event.own : event.inherited))
        impossible(called(event.subject)
                   + "'s effective priority is not the larger of own and "
                     "inherited");
    subject->own = event.own;
    subject->inherited = event.inherited;
    subject->effective = event.effective;
    u64 since = subject->since;
    if (subject->state == LwpState::runnable && dequeue(*subject)) {
        enqueue(*subject, subject->hart, false);
        subject->since = since;
    }
    if (Lock* waited = lock(subject->blocked_on);
        waited != nullptr && take_out(waited->waiters, subject->id))
        enter_turnstile(*subject, *waited);
}

void Transition::operator()(const Sleep& event) {
    Lwp* sleeper = lwp(lwp_);
    Channel* queue = channel(event.channel);
    if (sleeper == nullptr || queue == nullptr)
        return;
    must_run_here(lwp_, "goes to sleep");
    leave_channel(*sleeper);
    queue->sleepers.push_back(lwp_);
    sleeper->sleeps_on = event.channel;
    sleeper->deadline = event.deadline;
    set_state(*sleeper, LwpState::sleeping);
}

void Transition::operator()(const Unsleep& event) {
    Lwp* sleeper = lwp(event.subject);
    if (sleeper == nullptr)
        return;
    if (sleeper->sleeps_on != event.channel)
        impossible(called(event.subject) + " is woken from a channel on which it does not sleep");
    leave_channel(*sleeper);
}

void Transition::operator()(const Resched& event) {
    if (Hart* target = hart(event.target))
        target->resched_for = event.subject;
}

void Transition::operator()(const PreemptRefused& event) {
    here().refused = event.why;
    here().refusal_pending = true;
}

void Transition::operator()(const Ipi&) {}

void Transition::operator()(const Tick& event) {
    here().ticks = event.count;
}

} // namespace model
