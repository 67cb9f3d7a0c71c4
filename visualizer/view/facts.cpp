// SPDX-License-Identifier: BSD-2-Clause
#include "view/facts.hpp"

#include "model/line_state.hpp"
#include "view/draw.hpp"
#include "view/machine/paint.hpp"

#include <fmt/format.h>

namespace view {
namespace {

/// Writes rows; a value is words or links.
class Rows {
public:
    explicit Rows(Context& context)
        : context_(context) {}

    void row(const char* what, const std::string& value) {
        head(what);
        ImGui::TextUnformatted(value.c_str());
    }
    template <class Id> void link(const char* what, Id id) {
        if (id == Id{})
            return;
        head(what);
        one_link(object(id));
    }
    template <class Ids> void links(const char* what, const Ids& ids) {
        if (ids.empty())
            return;
        head(what);
        usize shown = 0;
        for (auto id : ids) {
            if (shown == 12) {
                ImGui::TextDisabled("and %zu more", ids.size() - shown);
                return;
            }
            ImGui::PushID(static_cast<int>(shown++));
            one_link(object(id));
            ImGui::PopID();
        }
    }
    void hart(const char* what, trace::HartId hart) {
        if (hart == trace::HartId::none)
            return;
        head(what);
        one_link(object(hart));
    }
    void unknown() { row("known", "nothing: no event has said what it is"); }

private:
    void head(const char* what) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        ImGui::TextDisabled("%s", what);
        ImGui::TableNextColumn();
    }
    void one_link(const Object& object) { draw_link(context_, object, name_of(context_, object)); }

    Context& context_;
};

const char* lwp_kind_name(trace::LwpKind kind) {
    static constexpr const char* names[] = {"kernel thread", "user thread", "idle LWP",
                                            "softint LWP", "interrupt LWP"};
    auto at = static_cast<usize>(kind);
    return at < std::size(names) ? names[at] : "unknown";
}

void lwp_facts(Context& context, Rows& rows, const model::Lwp& lwp) {
    rows.row("kind", lwp_kind_name(lwp.kind));
    rows.row("state", state_name(lwp.state));
    rows.row("since", context.time_text(trace::stamp_time(lwp.since)));
    rows.row("priority", lwp.inherited > lwp.own ? fmt::format(
                             "{} (own {}, lent {})", lwp.effective, lwp.own, lwp.inherited)
                                                 : fmt::format("{}", lwp.effective));
    rows.hart(lwp.state == trace::LwpState::runnable ? "queued on" : "on", lwp.hart);
    rows.hart("bound to", lwp.home);
    if (lwp.state == trace::LwpState::blocked)
        rows.link("blocked on", lwp.blocked_on);
    if (lwp.state == trace::LwpState::sleeping)
        rows.link("sleeps on", lwp.sleeps_on);
    if (lwp.deadline != 0)
        rows.row("until tick", fmt::format("{}", lwp.deadline));
    rows.link("handles", lwp.line);
    rows.link("runs softint", lwp.softint);
    rows.link("runs callout", lwp.callout);
    rows.link("inside it", context.state.guest_of(lwp));
    if (lwp.spinning)
        rows.link("spins for", lwp.spinning_for);
    rows.links("holds", lwp.holds);
}

void lock_facts(Context& context, Rows& rows, const model::Lock& lock) {
    rows.row("kind", machine::lock_kind_name(lock.kind));
    rows.row("level", context.store.names().of_level(lock.level));
    if (lock.owner == trace::LwpId::none && lock.shared.empty())
        rows.row("owner", "nobody: free");
    rows.link("owner", lock.owner);
    rows.links("readers", lock.shared);
    rows.links("turnstile", lock.waiters);
    rows.links("spinning", lock.spinners);
    if (lock.lent != 0) {
        rows.row("lends", fmt::format("priority {}", lock.lent));
        rows.link("from", lock.lender);
        rows.link("to", lock.lent_to);
    }
    rows.row("acquired", fmt::format("{} times, {} of them after waiting", lock.acquisitions,
                                     lock.contentions));
}

void line_facts(Context& context, Rows& rows, const model::Line& line) {
    rows.row("state", machine::line_state_name(model::line_state(context.state, line)));
    rows.row("level", context.store.names().of_level(line.level));
    rows.hart("routed to", line.route);
    if (line.throttled)
        rows.row("storms", "throttled: held off for a while");
    rows.link("handler", line.handler);
    rows.link("blocked on", line.blocked_on);
    rows.row("interrupts", fmt::format("{}, {} of which blocked, {} strays", line.interrupts,
                                       line.blocked_count, line.strays));
}

void hart_facts(Context& context, Rows& rows, const model::Hart& hart) {
    rows.link("running", hart.running);
    std::vector<trace::LwpId> pinned(hart.pinned.rbegin(), hart.pinned.rend());
    rows.links("pinned", pinned);
    rows.links("run queue", hart.run_queue);
    rows.row("level", context.store.names().of_level(hart.level));
    if (hart.base_level != 0)
        rows.row("holds off",
                 "lines up to level " + context.store.names().of_level(hart.base_level));
    if (hart.spl_writes != 0)
        rows.row("level writes", fmt::format("{}, to the hardware", hart.spl_writes));
    rows.link("should switch to", hart.resched_for);
    rows.row("clock ticks", fmt::format("{}", hart.ticks));
    if (hart.in_timer)
        rows.row("timer", "its interrupt runs on the context of the LWP above");
    rows.row("events lost", fmt::format("{}", hart.discarded));
}

void softint_facts(Context& context, Rows& rows, const model::Softint& softint) {
    rows.row("state", softint.running ? "runs" : softint.pending ? "pending" : "at rest");
    rows.row("level", context.store.names().of_level(softint.level));
    rows.row("ran", fmt::format("{} times; {} more requests were already pending", softint.runs,
                                softint.coalesced));
}

void callout_facts(Context& context, Rows& rows, const model::Callout& callout) {
    rows.row("state", machine::callout_words(context.state, context.store.names(), callout));
    rows.row("speed", callout.fast ? "fast: in the timer interrupt" : "slow: in the softclock LWP");
    if (callout.pending)
        rows.row("due", fmt::format("at tick {}", callout.due));
    if (callout.placed)
        rows.row("lies",
                 fmt::format("on level {}, in bucket {}", callout.wheel_level, callout.bucket));
    rows.hart("on", callout.on);
    rows.link("lock", callout.lock);
    rows.link("run by", callout.runner);
    rows.link("waited for by", callout.waiter);
    rows.row("fired", fmt::format("{} times", callout.fired));
}

} // namespace

void draw_facts(Context& context, const Object& object) {
    const model::State& state = context.state;
    Rows rows(context);
    auto with = [&](const auto* it, auto&& facts) {
        if (it == nullptr || !it->known)
            rows.unknown();
        else
            facts(*it);
    };
    switch (object.kind) {
    case trace::Kind::lwp:
        return with(state.lwp(trace::LwpId{static_cast<u16>(object.id)}),
                    [&](const model::Lwp& it) { lwp_facts(context, rows, it); });
    case trace::Kind::lock:
        return with(state.lock(trace::LockId{object.id}),
                    [&](const model::Lock& it) { lock_facts(context, rows, it); });
    case trace::Kind::line:
        return with(state.line(trace::LineId{static_cast<u16>(object.id)}),
                    [&](const model::Line& it) { line_facts(context, rows, it); });
    case trace::Kind::softint:
        return with(state.softint(trace::SoftintId{object.id}),
                    [&](const model::Softint& it) { softint_facts(context, rows, it); });
    case trace::Kind::callout:
        return with(state.callout(trace::CalloutId{object.id}),
                    [&](const model::Callout& it) { callout_facts(context, rows, it); });
    case trace::Kind::channel:
        return with(state.channel(trace::ChannelId{object.id}), [&](const model::Channel& it) {
            if (it.counts)
                rows.row("semaphore", fmt::format("counts {}", it.value));
            rows.row("sleepers", fmt::format("{}", it.sleepers.size()));
            rows.links("asleep", it.sleepers);
        });
    case trace::Kind::hart:
        if (object.id < state.harts.size())
            with(&state.harts[object.id],
                 [&](const model::Hart& it) { hart_facts(context, rows, it); });
        return;
    default:
        rows.unknown();
    }
}

} // namespace view
