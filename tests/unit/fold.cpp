// SPDX-License-Identifier: BSD-2-Clause
#include "fold.hpp"

#include "model/narration.hpp"

#include <algorithm>

namespace simulated {

namespace {

constexpr size_t events_told = 40; // before a contradiction

model::Names names_of(const Outcome& outcome) {
    model::Names names;
    for (const Event& event : outcome.events)
        if (event.is<trace::Name>())
            names.add(event.as<trace::Name>());
    return names;
}

/// Whether the event comes in the middle of a change of level: before the one that it tells of, or
/// before the one that does.
bool is_amid_levels(const Event& event) {
    return event.is<trace::IrqExit>() || event.is<trace::SoftintExit>()
           || event.is<trace::SplWrite>();
}

/// The level that the model shows is the one that memory had.
bool level_is_true(const model::State& state, const Event& event) {
    const model::Lwp* lwp = state.lwp(event.lwp());
    bool comparable = lwp != nullptr && event.level && !state.in_snapshot && !is_amid_levels(event)
                      && state.harts[event.hart].running == event.lwp();
    return !comparable
           || (lwp->level == *event.level && state.harts[event.hart].level == *event.level);
}

/// What is wrong with the state after this event, if anything.
std::string wrong(model::State& state, const Event& event) {
    auto hart = static_cast<trace::HartId>(event.hart);
    if (auto impossible = state.apply(event.record, hart))
        return *impossible;
    if (!level_is_true(state, event))
        return "the model's level " + std::to_string(state.harts[event.hart].level)
               + " is not the kernel's " + std::to_string(*event.level);
    auto broken = state.check();
    return broken.empty() ? "" : broken.front();
}

} // namespace

std::string contradiction(const Outcome& outcome) {
    model::State state;
    for (size_t i = 0; i < outcome.events.size(); i++) {
        std::string sentence = wrong(state, outcome.events[i]);
        if (!sentence.empty())
            return sentence + ", after:\n"
                   + told(outcome, i < events_told ? 0 : i - events_told, i + 1);
    }
    return "";
}

model::State final_state(const Outcome& outcome) {
    model::State state;
    for (const Event& event : outcome.events)
        static_cast<void>(state.apply(event.record, static_cast<trace::HartId>(event.hart)));
    return state;
}

std::string told(const Outcome& outcome, size_t from, size_t to) {
    model::Names names = names_of(outcome);
    std::string text;
    for (size_t i = from; i < std::min(to, outcome.events.size()); i++) {
        const Event& event = outcome.events[i];
        text += std::to_string(event.record.stamp >> trace::order_bits) + " hart "
                + std::to_string(event.hart) + ", " + names.of(event.lwp()) + ": "
                + model::sentence({event.record, static_cast<trace::HartId>(event.hart)}, names)
                + "\n";
    }
    return text;
}

std::string ending(const Outcome& outcome) {
    size_t count = outcome.events.size();
    return (outcome.crashed ? "crashed\n" : "status " + std::to_string(outcome.status) + "\n")
           + outcome.console + told(outcome, count < events_told ? 0 : count - events_told, count);
}

} // namespace simulated
