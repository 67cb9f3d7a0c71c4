// SPDX-License-Identifier: BSD-2-Clause
// What all transitions share: objects by id, and moving an LWP between places.
#include "model/transition.hpp"

#include "trace/words.hpp"

#include <algorithm>

namespace model {

std::string called(LwpId id) {
    return id == LwpId::none ? "no LWP" : "LWP " + std::to_string(static_cast<u32>(id));
}
std::string called(HartId id) {
    return "hart " + std::to_string(static_cast<u32>(id));
}
std::string called(LockId id) {
    return "lock " + std::to_string(static_cast<u32>(id));
}
std::string called(LineId id) {
    return "line " + std::to_string(static_cast<u32>(id));
}

Transition::Transition(State& state, const Record& record, HartId hart)
    : state_(state)
    , hart_(hart)
    , lwp_(static_cast<LwpId>(record_lwp(record)))
    , stamp_(record.stamp) {
    here().known = true;
}

void Transition::impossible(std::string what) {
    if (!problem && !state_.in_snapshot && !state_.uncertain)
        problem = std::move(what);
}

template <class T> T* Transition::slot(std::vector<T>& table, u32 id, u32 limit, const char* what) {
    if (id == 0)
        return nullptr;
    if (id >= limit) {
        impossible(std::string(what) + ' ' + std::to_string(id) + " is out of bounds");
        return nullptr;
    }
    if (id >= table.size())
        table.resize(id + 1);
    return &table[id];
}

Lwp* Transition::lwp(LwpId id) {
    Lwp* found = slot(state_.lwps, static_cast<u32>(id), max_lwps, "LWP");
    if (found != nullptr && !found->known) {
        impossible(called(id) + " was never created");
        found->known = true;
        found->id = id;
    }
    return found;
}
Lock* Transition::lock(LockId id) {
    return slot(state_.locks, static_cast<u32>(id), max_objects, "lock");
}
Channel* Transition::channel(ChannelId id) {
    Channel* found = slot(state_.channels, static_cast<u32>(id), max_objects, "channel");
    if (found != nullptr)
        found->known = true;
    return found;
}
Line* Transition::line(LineId id) {
    return slot(state_.lines, static_cast<u32>(id), max_objects, "line");
}
Softint* Transition::softint(SoftintId id) {
    return slot(state_.softints, static_cast<u32>(id), max_objects, "softint");
}
Callout* Transition::callout(CalloutId id) {
    return slot(state_.callouts, static_cast<u32>(id), max_objects, "callout");
}
Hart* Transition::hart(HartId id) {
    if (id == HartId::none)
        return nullptr;
    if (static_cast<u32>(id) >= max_harts) {
        impossible(called(id) + " is out of bounds");
        return nullptr;
    }
    Hart& found = state_.harts[static_cast<usize>(id)];
    found.known = true;
    return &found;
}

void Transition::set_state(Lwp& lwp, LwpState state) {
    lwp.state = state;
    lwp.since = stamp_;
}

bool Transition::dequeue(Lwp& lwp) {
    if (lwp.hart == HartId::none)
        return false;
    return take_out(state_.harts[static_cast<usize>(lwp.hart)].run_queue, lwp.id);
}

void Transition::enqueue(Lwp& lwp, HartId on, bool at_head) {
    Hart* target = hart(on);
    if (target == nullptr)
        return;
    // Among equals a preempted LWP goes first, any other one last.
    auto& queue = target->run_queue;
    auto at = std::find_if(queue.begin(), queue.end(), [&](LwpId other) {
        Priority priority = state_.lwps[static_cast<usize>(other)].effective;
        return at_head ? priority <= lwp.effective : priority < lwp.effective;
    });
    queue.insert(at, lwp.id);
    lwp.hart = on;
    set_state(lwp, LwpState::runnable);
}

void Transition::enter_turnstile(Lwp& lwp, Lock& lock) {
    auto at = std::find_if(lock.waiters.begin(), lock.waiters.end(), [&](LwpId other) {
        return state_.lwps[static_cast<usize>(other)].effective < lwp.effective;
    });
    lock.waiters.insert(at, lwp.id);
}

void Transition::leave_turnstile(Lwp& lwp) {
    if (Lock* waited = lock(lwp.blocked_on))
        take_out(waited->waiters, lwp.id);
    lwp.blocked_on = LockId::none;
}

void Transition::leave_spinners(Lwp& lwp) {
    if (Lock* waited = lock(lwp.spinning_for))
        take_out(waited->spinners, lwp.id);
    lwp.spinning_for = LockId::none;
    lwp.spinning = false;
}

void Transition::leave_channel(Lwp& lwp) {
    if (Channel* waited = channel(lwp.sleeps_on))
        take_out(waited->sleepers, lwp.id);
    lwp.sleeps_on = ChannelId::none;
    lwp.deadline = 0;
}

void Transition::leave(Lwp& lwp) {
    for (Hart& each : state_.harts) {
        if (each.running == lwp.id)
            each.running = LwpId::none;
        take_out(each.pinned, lwp.id);
    }
    dequeue(lwp);
    leave_turnstile(lwp);
    leave_spinners(lwp);
    leave_channel(lwp);
    lwp.hart = HartId::none;
}

void Transition::dispatch(LwpId id) {
    // Whom the state still believes here (after a contradiction) runs no longer.
    Lwp* displaced = here().running == id ? nullptr : lwp(here().running);
    if (displaced != nullptr && displaced->state == LwpState::running) {
        leave(*displaced);
        set_state(*displaced, LwpState::idle);
    }
    Lwp* next = lwp(id);
    here().running = next != nullptr ? id : LwpId::none;
    here().level = next != nullptr ? next->level : Level{};
    if (next == nullptr)
        return;
    next->hart = hart_;
    set_state(*next, LwpState::running);
}

void Transition::set_level(LwpId id, Level level) {
    if (Lwp* changed = lwp(id))
        changed->level = level;
    if (here().running == id)
        here().level = level;
}

void Transition::must_run_here(LwpId id, const char* doing) {
    if (here().running != id)
        impossible(called(id) + ' ' + doing + " on " + called(hart_) + ", where "
                   + called(here().running) + " runs");
}

} // namespace model
