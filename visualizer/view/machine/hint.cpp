// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/hint.hpp"

#include "model/line_state.hpp"
#include "view/draw.hpp"
#include "view/machine/facts_of_hart.hpp"
#include "view/machine/paint.hpp"

#include <fmt/format.h>

namespace view::machine {
namespace {

std::string lwp_hint(const Context& context, const model::Lwp& lwp) {
    std::string words = lwp_words(context.state, context.store.names(), lwp, true);
    std::string priority = lwp.inherited > lwp.own
                               ? fmt::format("{}, lent {}", lwp.own, lwp.inherited)
                               : fmt::format("{}", lwp.effective);
    return words + "\npriority " + priority;
}

std::string lock_hint(const Context& context, const model::Lock& lock) {
    const model::Names& names = context.store.names();
    std::string words = std::string(lock_kind_name(lock.kind)) + "\n" + holders(lock, names);
    for (trace::LwpId waiter : lock.waiters)
        words += "\n" + names.of(waiter) + " waits";
    for (trace::LwpId spinner : lock.spinners)
        words += "\n" + names.of(spinner) + " spins";
    return words;
}

std::string line_hint(const Context& context, const model::Line& line) {
    std::string words = line_state_name(model::line_state(context.state, line));
    if (line.throttled)
        words += " · throttled";
    words += "\nlevel " + context.store.names().of_level(line.level);
    return words
           + fmt::format("\n{} interrupts, {} of them blocked", line.interrupts,
                         line.blocked_count);
}

std::string hart_hint(const Context& context, u32 id) {
    std::string words;
    for (const HartFact& fact : facts_of_hart(context.state, context.store.names(), id))
        words += "\n" + fact.words;
    return words.empty() ? "" : words.substr(1);
}

std::string facts(const Context& context, const Object& object) {
    const model::State& state = context.state;
    auto of = [](const auto* it, auto&& words) { return it == nullptr ? "" : words(*it); };
    switch (object.kind) {
    case trace::Kind::lwp:
        return of(state.lwp(trace::LwpId{static_cast<u16>(object.id)}),
                  [&](const model::Lwp& it) { return lwp_hint(context, it); });
    case trace::Kind::lock:
        return of(state.lock(trace::LockId{object.id}),
                  [&](const model::Lock& it) { return lock_hint(context, it); });
    case trace::Kind::line:
        return of(state.line(trace::LineId{static_cast<u16>(object.id)}),
                  [&](const model::Line& it) { return line_hint(context, it); });
    case trace::Kind::callout:
        return of(state.callout(trace::CalloutId{object.id}), [&](const model::Callout& it) {
            return callout_words(state, context.store.names(), it);
        });
    case trace::Kind::hart:
        return object.id < state.harts.size() ? hart_hint(context, object.id) : "";
    default:
        return "";
    }
}

} // namespace

std::string hint(const Context& context, const Object& object) {
    std::string more = facts(context, object);
    return name_of(context, object) + (more.empty() ? "" : "\n" + more);
}

} // namespace view::machine
