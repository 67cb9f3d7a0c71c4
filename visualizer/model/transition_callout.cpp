// SPDX-License-Identifier: BSD-2-Clause
// What the events about callouts do to a State.
#include "model/transition.hpp"

namespace model {

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

/// An appointment is gone. It was on the wheel, or its run was called off before it began.
void Transition::cancelled(const Callout& callout, CalloutResult result) {
    bool may_be_called_off = callout.in_flight && !callout.running;
    if (result == CalloutResult::cancelled && !callout.pending && !may_be_called_off)
        impossible("a callout is cancelled that was not pending");
}

void Transition::operator()(const CalloutStop& event) {
    if (Callout* stopped = callout(event.callout)) {
        cancelled(*stopped, event.result);
        stopped->pending = stopped->placed = false;
    }
}

void Transition::operator()(const CalloutEnter& event) {
    Callout* fired = callout(event.callout);
    if (fired == nullptr)
        return;
    if (!fired->in_flight)
        impossible("a callout's function is called that was not taken off the wheel");
    fired->running = true;
    fired->fired++;
    if (Lwp* runner = lwp(fired->runner))
        runner->callout = event.callout;
}

void Transition::operator()(const CalloutExit& event) {
    Callout* done = callout(event.callout);
    if (done == nullptr)
        return;
    if (!done->running)
        impossible("a callout ends that did not run");
    done->running = false;
    if (Lwp* runner = lwp(done->runner))
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

void Transition::operator()(const CalloutPlace& event) {
    Callout* placed = callout(event.callout);
    if (placed == nullptr)
        return;
    if (!placed->pending)
        impossible("a callout lies on the wheel that is not pending");
    placed->on = event.on;
    placed->placed = true;
    placed->wheel_level = event.level;
    placed->bucket = event.bucket;
}

void Transition::operator()(const CalloutTake& event) {
    Callout* taken = callout(event.callout);
    if (taken == nullptr)
        return;
    if (!taken->pending)
        impossible("a callout fires that was not pending");
    taken->pending = taken->placed = false;
    taken->in_flight = true;
    taken->runner = taken->fast ? LwpId::none : lwp_; // the timer interrupt has no LWP
}

void Transition::operator()(const CalloutSkip& event) {
    if (const Callout* skipped = callout(event.callout))
        if (!skipped->in_flight || skipped->running)
            impossible("a callout is skipped that was not about to run");
}

void Transition::operator()(const CalloutDone& event) {
    Callout* done = callout(event.callout);
    if (done == nullptr)
        return;
    if (!done->in_flight || done->running)
        impossible("a callout is done that was not in flight, or still runs");
    done->in_flight = false;
    done->runner = done->waiter = LwpId::none;
}

void Transition::operator()(const CalloutDrain& event) {
    if (Callout* drained = callout(event.callout)) {
        cancelled(*drained, event.result);
        drained->pending = drained->placed = false;
    }
}

void Transition::operator()(const CalloutDrained&) {}

void Transition::operator()(const CalloutSpin& event) {
    if (Callout* awaited = callout(event.callout))
        awaited->waiter = lwp_;
}

void Transition::operator()(const CalloutMove& event) {
    if (Callout* moved = callout(event.callout))
        moved->on = event.to;
}

} // namespace model
