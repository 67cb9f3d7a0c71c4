// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/facts_of_hart.hpp"

#include "trace/words.hpp"

#include <fmt/format.h>

namespace view::machine {
namespace {

/// "uart0 waits", "3 lines wait": for the level to fall, or for an interrupt LWP.
std::string deferred_lines(const model::State& state, const model::Names& names, u32 hart) {
    std::string first;
    usize count = 0;
    for (u32 id = 0; id < state.lines.size(); id++) {
        const model::Line& line = state.lines[id];
        if (!line.known || line.state != model::LineState::deferred
            || line.route != trace::HartId{static_cast<u16>(hart)})
            continue;
        if (count++ == 0)
            first = names.of(trace::Kind::line, id);
    }
    return count == 0 ? "" : count == 1 ? first + " waits" : fmt::format("{} lines wait", count);
}

std::string refusal(trace::Refusal why) {
    std::string words(trace::word(why));
    for (char& c : words)
        c = c == '_' ? ' ' : c;
    return words;
}

} // namespace

std::vector<HartFact> facts_of_hart(const model::State& state, const model::Names& names, u32 id) {
    const model::Hart& hart = state.harts[id];
    std::vector<HartFact> facts;
    auto add = [&](Tone tone, std::string words) {
        if (!words.empty())
            facts.push_back({tone, std::move(words)});
    };
    if (!hart.known)
        return {{Tone::quiet, "nothing heard yet"}};
    if (hart.in_timer)
        add(Tone::active, "timer interrupt");
    // Whoever was asked for may have been taken by another hart meanwhile.
    const model::Lwp* asked = state.lwp(hart.resched_for);
    if (asked != nullptr && asked->state == trace::LwpState::runnable
        && asked->hart == trace::HartId{static_cast<u16>(id)})
        add(Tone::warning,
            "should switch to " + names.of(hart.resched_for)
                + (hart.refusal_pending ? fmt::format(" (refused: {})", refusal(hart.refused))
                                        : ""));
    if (hart.level != 0)
        add(Tone::active, "level " + names.of_level(hart.level));
    if (hart.base_level != 0)
        add(Tone::warning, "holds off lines up to " + names.of_level(hart.base_level));
    add(Tone::warning, deferred_lines(state, names, id));
    if (hart.spl_writes != 0)
        add(Tone::quiet,
            fmt::format("{} level write{}", hart.spl_writes, hart.spl_writes == 1 ? "" : "s"));
    if (hart.discarded != 0)
        add(Tone::bad, fmt::format("{} events lost", hart.discarded));
    return facts;
}

} // namespace view::machine
