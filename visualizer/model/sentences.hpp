// SPDX-License-Identifier: BSD-2-Clause
// Which sentence tells an event. The schema has one for each kind of event; where its fields change
// what happened (an interrupt is served in another way in each model), the sentence is chosen here.
//
// Rules
//   - Placeholders as in the schema: {field}, {lwp}, {hart}.
//   - No overload for an event whose one sentence is always true.
#pragma once

#include "trace/events.hpp"

namespace model {

template <class E> constexpr const char* sentence_of(const E&) {
    return E::info.sentence;
}

constexpr const char* sentence_of(const trace::IrqEnter& event) {
    if (event.handler == trace::LwpId::none)
        return "{line}: its handler runs inside {victim} on {hart} (classic: no LWP of its own)";
    if (event.victim == trace::LwpId::none)
        return "{line}: its handler starts in {handler}, which {hart} has switched to";
    return trace::IrqEnter::info.sentence;
}

constexpr const char* sentence_of(const trace::IrqExit& event) {
    if (event.handler == trace::LwpId::none)
        return "the handler of {line} returns to {victim}";
    if (event.blocked != 0)
        return "{handler} is done with {line}; it had blocked, so nobody waits beneath it";
    if (event.victim == trace::LwpId::none)
        return "{handler} is done with {line}";
    return "{handler} is done with {line}; {victim} goes on";
}

constexpr const char* sentence_of(const trace::SoftintEnter& event) {
    if (event.handler == trace::LwpId::none)
        return "soft interrupts of level {level} run inside {victim} on {hart} (classic)";
    if (event.victim == trace::LwpId::none)
        return "{handler} runs soft interrupts of level {level}: {hart} has switched to it";
    return trace::SoftintEnter::info.sentence;
}

constexpr const char* sentence_of(const trace::SoftintExit& event) {
    if (event.handler == trace::LwpId::none)
        return "no more soft interrupts: back to {victim}";
    if (event.victim != trace::LwpId::none)
        return "{handler} has no more to do; {victim} goes on";
    return trace::SoftintExit::info.sentence;
}

constexpr const char* sentence_of(const trace::LineThrottle& event) {
    return event.on != 0 ? "{line} storms: it is held off after {interrupts} interrupts"
                         : "{line} is let go again, after {interrupts} interrupts";
}

constexpr const char* sentence_of(const trace::LineDetach& event) {
    return event.left == 0 ? "the last handler is detached from {line}"
                           : trace::LineDetach::info.sentence;
}

constexpr const char* sentence_of(const trace::BaseLevel& event) {
    return event.level == 0 ? "{hart} holds off no line any more" : trace::BaseLevel::info.sentence;
}

constexpr const char* sentence_of(const trace::LockAcquire& event) {
    bool reads = event.hold == trace::Hold::shared;
    if (event.contended != 0)
        return reads ? "{lwp} acquires {lock} to read, after waiting"
                     : "{lwp} acquires {lock}, after waiting";
    return reads ? "{lwp} acquires {lock} to read" : trace::LockAcquire::info.sentence;
}

constexpr const char* sentence_of(const trace::LockRelease& event) {
    bool reads = event.hold == trace::Hold::shared;
    if (event.waiters != 0)
        return reads ? "{lwp} has read and releases {lock}; {waiters} wait for it"
                     : "{lwp} releases {lock}; {waiters} wait for it";
    return reads ? "{lwp} has read and releases {lock}" : trace::LockRelease::info.sentence;
}

constexpr const char* sentence_of(const trace::LockSpin& event) {
    return event.owner == trace::LwpId::none ? "{lwp} spins for {lock}"
                                             : trace::LockSpin::info.sentence;
}

constexpr const char* sentence_of(const trace::LockBlock& event) {
    bool reads = event.hold == trace::Hold::shared;
    if (event.owner == trace::LwpId::none)
        return reads ? "{lwp} blocks: it wants to read {lock}, which it may not yet"
                     : "{lwp} blocks: it wants to write {lock}, which readers hold";
    return reads ? "{lwp} blocks: it wants to read {lock}, which {owner} holds"
                 : trace::LockBlock::info.sentence;
}

constexpr const char* sentence_of(const trace::SoftintSchedule& event) {
    return event.coalesced != 0 ? "{lwp} schedules {softint}, which was pending already"
                                : trace::SoftintSchedule::info.sentence;
}

constexpr const char* sentence_of(const trace::CalloutInit& event) {
    if (event.lock != trace::LockId::none)
        return "{callout} is initialised; its function runs with {lock} held";
    return trace::CalloutInit::info.sentence;
}

constexpr const char* sentence_of(const trace::CalloutReset& event) {
    return event.was_pending != 0
               ? "{callout} was pending and is moved: it will fire at tick {due} on {on}"
               : trace::CalloutReset::info.sentence;
}

constexpr const char* sentence_of(const trace::CalloutStop& event) {
    switch (event.result) {
    case trace::CalloutResult::cancelled:
        return "{lwp} stops {callout} before it fires";
    case trace::CalloutResult::running:
        return "{lwp} stops {callout}, but its function runs already";
    case trace::CalloutResult::not_pending:
        break;
    }
    return "{lwp} stops {callout}, which was not pending";
}

// A fast callout runs in the timer interrupt, whose LWP is only its victim: name the hart instead.
constexpr const char* sentence_of(const trace::CalloutEnter& event) {
    return event.late != 0 ? "{hart} calls the function of {callout}, {late} ticks late"
                           : "{hart} calls the function of {callout}";
}

constexpr const char* sentence_of(const trace::CalloutTake& event) {
    return event.lock != trace::LockId::none
               ? "{callout} is due and leaves the wheel of {hart}; now it needs {lock}"
               : "{callout} is due and leaves the wheel of {hart}";
}

} // namespace model
