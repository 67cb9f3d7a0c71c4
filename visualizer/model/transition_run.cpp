// SPDX-License-Identifier: BSD-2-Clause
// What the events about the run itself, about callouts and about levels do to a State.
#include "model/transition.hpp"

#include <algorithm>

namespace model {

void Transition::operator()(const Boot& event) {
    if (event.harts > max_harts)
        impossible("a machine with " + std::to_string(event.harts) + " harts is out of bounds");
    state_.hart_count = std::min<u16>(event.harts, max_harts);
    state_.hz = event.hz;
    state_.timebase = event.timebase;
    state_.booted = true;
}

void Transition::operator()(const Name&) {} // names belong to the store

void Transition::operator()(const SnapshotBegin&) {
    for (Hart& each : state_.harts) {
        Hart fresh;
        fresh.known = each.known;
        fresh.ticks = each.ticks;
        fresh.discarded = each.discarded;
        each = std::move(fresh);
    }
    state_.lwps.clear();
    state_.locks.clear();
    state_.channels.clear();
    state_.lines.clear();
    state_.softints.clear();
    state_.callouts.clear();
    state_.in_snapshot = true;
}

void Transition::operator()(const SnapshotEnd&) {
    state_.in_snapshot = false;
    state_.uncertain = false;
}

void Transition::operator()(const ReaderWait&) {}

void Transition::operator()(const Panic& event) {
    state_.panicked = true;
    state_.panic_message = event.message;
}

void Transition::operator()(const Halt& event) {
    state_.halted = true;
    state_.exit_status = event.code;
}

void Transition::operator()(const Phase& event) {
    state_.phase = event.text;
}

void Transition::operator()(const Mark&) {}

void Transition::operator()(const Check&) {}

void Transition::operator()(const Verdict& event) {
    state_.verdict = event.text;
    state_.verdict_passed = event.passed != 0;
}

void Transition::operator()(const SplRaise& event) {
    set_level(event.to);
}

void Transition::operator()(const SplLower& event) {
    set_level(event.to);
}

void Transition::operator()(const CalloutInit& event) {
    if (Callout* made = callout(event.callout)) {
        *made = Callout{};
        made->known = true;
        made->lock = event.lock;
        made->fast = event.fast != 0;
    }
}

void Transition::operator()(const CalloutReset& event) {
    if (Callout* armed = callout(event.callout)) {
        armed->pending = true;
        armed->on = event.on;
        armed->due = event.due;
    }
}

void Transition::operator()(const CalloutStop& event) {
    if (Callout* stopped = callout(event.callout)) {
        if (event.result == CalloutResult::cancelled && !stopped->pending)
            impossible("a callout is cancelled that was not pending");
        stopped->pending = false;
    }
}

void Transition::operator()(const CalloutEnter& event) {
    Callout* fired = callout(event.callout);
    if (fired == nullptr)
        return;
    if (!fired->pending)
        impossible("a callout fires that was not pending");
    fired->pending = false;
    fired->running = true;
    fired->runner = lwp_;
    fired->fired++;
    if (Lwp* runner = lwp(lwp_))
        runner->callout = event.callout;
}

void Transition::operator()(const CalloutExit& event) {
    if (Callout* done = callout(event.callout)) {
        if (!done->running)
            impossible("a callout ends that did not run");
        done->running = false;
        done->runner = done->waiter = LwpId::none;
    }
    if (Lwp* runner = lwp(lwp_))
        runner->callout = CalloutId::none;
}

void Transition::operator()(const CalloutWait& event) {
    if (Callout* awaited = callout(event.callout))
        awaited->waiter = lwp_;
}

void Transition::operator()(const CalloutDestroy& event) {
    if (Callout* gone = callout(event.callout)) {
        if (gone->pending)
            impossible("a callout is destroyed while it is pending");
        gone->known = false;
    }
}

} // namespace model
