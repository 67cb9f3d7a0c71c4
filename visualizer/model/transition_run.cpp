// SPDX-License-Identifier: BSD-2-Clause
// What the events about the run itself and about levels do to a State.
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
    set_level(lwp_, event.to);
}

void Transition::operator()(const SplLower& event) {
    set_level(lwp_, event.to);
}

void Transition::operator()(const SplWrite& event) {
    here().spl_writes = event.writes;
}

void Transition::operator()(const Report& event) {
    state_.report = event.text;
    state_.report_kind = event.kind;
    state_.report_stamp = stamp_;
    state_.reports++;
}

} // namespace model
