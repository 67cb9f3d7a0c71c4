// SPDX-License-Identifier: BSD-2-Clause
// What the events about interrupt lines, interrupt LWPs and soft interrupts do to a State.
#include "model/transition.hpp"

#include <algorithm>

namespace model {

namespace {

// More handlers inside one another than there are levels are noted but not listed.
constexpr usize max_nested = 32;

} // namespace

// The handler runs on its own stack above `victim`, which is pinned until it comes back. Without a
// victim the handler was dispatched as an ordinary LWP.
void Transition::borrow(LwpId handler, LwpId victim, Level level) {
    if (victim == LwpId::none) {
        must_run_here(handler, "handles an interrupt");
    } else {
        must_run_here(victim, "is interrupted");
        if (Lwp* beneath = lwp(victim)) {
            leave(*beneath);
            here().pinned.push_back(victim);
            beneath->hart = hart_;
            set_state(*beneath, LwpState::pinned);
        }
        if (Lwp* above = lwp(handler)) {
            if (above->state != LwpState::idle)
                impossible(called(handler) + " borrows a context although it is not idle");
            leave(*above);
        }
        dispatch(handler);
    }
    set_level(handler, level);
}

// The handler leaves; its victim, on top of the pinned, runs again.
void Transition::give_back(LwpId handler, LwpId victim) {
    must_run_here(handler, "gives back a context");
    if (Lwp* above = lwp(handler)) {
        above->hart = HartId::none;
        if (above->state == LwpState::running) { // else it has blocked, and keeps its level
            set_state(*above, LwpState::idle);
            above->level = 0;
        }
    }
    auto& pinned = here().pinned;
    if (!pinned.empty() && pinned.back() == victim)
        pinned.pop_back();
    else
        impossible(called(victim) + " resumes on " + called(hart_)
                   + " but is not its topmost pinned");
    if (Lwp* beneath = lwp(victim)) {
        if (beneath->state != LwpState::pinned)
            leave(*beneath);
        take_out(pinned, victim);
    }
    dispatch(victim);
}

// A handler or softints without an LWP (model=classic, and above lock_level) run inside the LWP on
// this hart, at their own level.
void Transition::admit_guest(LineId id, LwpId host, Level level) {
    must_run_here(host, "is interrupted");
    const Lwp* inside = lwp(host);
    if (here().guests.size() < max_nested)
        here().guests.push_back({id, host, inside != nullptr ? inside->level : Level{}});
    set_level(host, level);
}

// They return; whatever they interrupted goes on at its level.
void Transition::dismiss_guest(LineId id, LwpId host) {
    auto& guests = here().guests;
    if (guests.empty() || guests.back().line != id || guests.back().host != host)
        impossible((id == LineId::none ? std::string("a softint") : "the handler of " + called(id))
                   + " returns on " + called(hart_) + ", where it is not the innermost");
    auto left = std::find_if(guests.rbegin(), guests.rend(), [&](const Guest& guest) {
        return guest.line == id && guest.host == host;
    });
    set_level(host, left != guests.rend() ? left->before : Level{});
    if (left != guests.rend())
        guests.erase(std::next(left).base(), guests.end());
}

void Transition::operator()(const LineAttach& event) {
    Line* attached = line(event.line);
    if (attached == nullptr)
        return;
    if (!attached->known)
        attached->state = LineState::ready;
    attached->known = true;
    attached->level = event.level;
    attached->flags |= event.flags;
    attached->route = event.route;
}

void Transition::operator()(const LineClaim& event) {
    Line* claimed = line(event.line);
    if (claimed == nullptr)
        return;
    if (claimed->state != LineState::ready)
        impossible(called(event.line) + " is claimed although it "
                   + (claimed->known ? "was not completed" : "has no handler"));
    claimed->state = LineState::claimed;
    claimed->interrupts++;
}

void Transition::operator()(const LineDefer& event) {
    if (Line* deferred = line(event.line))
        deferred->state = LineState::deferred;
}

void Transition::operator()(const LineComplete& event) {
    Line* completed = line(event.line);
    if (completed == nullptr)
        return;
    if (completed->state == LineState::ready || completed->state == LineState::unknown)
        impossible(called(event.line) + " is completed although it was not claimed");
    if (completed->state != LineState::disabled)
        completed->state = LineState::ready;
}

void Transition::operator()(const LineStray& event) {
    if (Line* stray = line(event.line))
        stray->strays = event.count;
}

void Transition::operator()(const LineDisable& event) {
    if (Line* disabled = line(event.line))
        disabled->state = LineState::disabled;
}

void Transition::operator()(const IrqEnter& event) {
    if (Lwp* handler = lwp(event.handler)) {
        handler->line = event.line; // before borrow(): that asks for the victim
        borrow(event.handler, event.victim, event.level);
    } else {
        admit_guest(event.line, event.victim, event.level);
    }
    if (Line* entered = line(event.line)) {
        if (entered->state == LineState::ready || entered->state == LineState::blocked)
            impossible("the handler of " + called(event.line) + " starts although the line is "
                       + (entered->state == LineState::ready ? "not claimed" : "still blocked"));
        entered->state = LineState::in_handler;
        entered->handler = event.handler;
    }
}

void Transition::operator()(const IrqBlock& event) {
    if (Lwp* handler = lwp(event.handler); handler != nullptr && handler->blocked_on != event.lock)
        impossible(called(event.handler) + " blocks in the handler of " + called(event.line)
                   + " but is not in the turnstile of " + called(event.lock));
    give_back(event.handler, event.victim);
    if (Line* masked = line(event.line)) {
        masked->state = LineState::blocked;
        masked->blocked_on = event.lock;
        masked->blocked_count++;
    }
}

void Transition::operator()(const IrqExit& event) {
    if (Line* left = line(event.line); left != nullptr && left->handler == event.handler) {
        // LineComplete came before: the line may already be claimed anew, then its state stays.
        if (left->state == LineState::in_handler || left->state == LineState::blocked)
            left->state = LineState::claimed;
        left->handler = LwpId::none;
        left->blocked_on = LockId::none;
    }
    if (Lwp* handler = lwp(event.handler)) {
        handler->line = LineId::none;
    } else {
        dismiss_guest(event.line, event.victim);
        return;
    }
    if (event.victim != LwpId::none) // else it keeps its level until it is switched away
        give_back(event.handler, event.victim);
}

void Transition::operator()(const RunOut& event) {
    if (Line* waiting = line(event.line))
        waiting->state = LineState::deferred;
}

void Transition::operator()(const LineThrottle& event) {
    if (Line* stormy = line(event.line))
        stormy->throttled = event.on != 0;
}

void Transition::operator()(const LineDetach& event) {
    Line* left = line(event.line);
    if (left != nullptr && event.left == 0)
        *left = Line{};
}

void Transition::operator()(const BaseLevel& event) {
    here().base_level = event.level;
}

void Transition::operator()(const TimerEnter& event) {
    must_run_here(event.victim, "is interrupted by the timer");
    here().in_timer = true;
}

void Transition::operator()(const TimerExit&) {
    here().in_timer = false;
}

void Transition::operator()(const SoftintEstablish& event) {
    if (Softint* made = softint(event.softint)) {
        *made = Softint{};
        made->known = true;
        made->level = event.level;
    }
}

void Transition::operator()(const SoftintDisestablish& event) {
    if (Softint* gone = softint(event.softint))
        *gone = Softint{};
}

void Transition::operator()(const SoftintSchedule& event) {
    if (Softint* scheduled = softint(event.softint)) {
        if (event.coalesced != 0 && (scheduled->pending & hart_bit()) == 0)
            impossible("a soft interrupt is coalesced with one that is not pending");
        scheduled->pending |= hart_bit();
        scheduled->coalesced += event.coalesced != 0 ? 1 : 0;
    }
}

void Transition::operator()(const SoftintEnter& event) {
    if (event.handler != LwpId::none)
        borrow(event.handler, event.victim, event.level);
    else
        admit_guest(LineId::none, event.victim, event.level);
}

void Transition::operator()(const SoftintRun& event) {
    if (Softint* started = softint(event.softint)) {
        if ((started->pending & hart_bit()) == 0)
            impossible("a soft interrupt runs that was not scheduled");
        started->pending &= static_cast<u8>(~hart_bit());
        started->running |= hart_bit();
        started->runs++;
    }
    if (Lwp* runner = lwp(lwp_))
        runner->softint = event.softint;
}

void Transition::operator()(const SoftintDone& event) {
    if (Softint* done = softint(event.softint)) {
        if ((done->running & hart_bit()) == 0)
            impossible("a soft interrupt ends that did not run");
        done->running &= static_cast<u8>(~hart_bit());
    }
    if (Lwp* runner = lwp(lwp_))
        runner->softint = SoftintId::none;
}

void Transition::operator()(const SoftintBlock& event) {
    if (Lwp* handler = lwp(event.handler); handler != nullptr && handler->blocked_on != event.lock)
        impossible(called(event.handler) + " blocks but is not in the turnstile of "
                   + called(event.lock));
    give_back(event.handler, event.victim);
}

void Transition::operator()(const SoftintExit& event) {
    if (event.handler == LwpId::none)
        dismiss_guest(LineId::none, event.victim);
    else if (event.victim != LwpId::none)
        give_back(event.handler, event.victim);
}

} // namespace model
