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

/// What is wrong with the state after this event, if anything.
std::string wrong(model::State& state, const Event& event) {
    auto hart = static_cast<trace::HartId>(event.hart);
    if (auto impossible = state.apply(event.record, hart))
        return *impossible;
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
