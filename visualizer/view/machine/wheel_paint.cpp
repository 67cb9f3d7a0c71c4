// SPDX-License-Identifier: BSD-2-Clause
// Timing wheels and callouts. See wheel.hpp.
#include "view/machine/paint.hpp"
#include "view/machine/wheel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace view::machine {

using trace::CalloutId;
using trace::LockId;
using trace::LwpId;

namespace {

/// How many pending callouts of this hart lie in each bucket of level 0, and how many the events
/// have not placed.
struct Buckets {
    std::array<u32, wheel_buckets> near{};
    usize unplaced = 0;

    Buckets(const model::State& state, u32 hart) {
        for (const model::Callout& callout : state.callouts) {
            if (!callout.known || !callout.pending
                || callout.on != trace::HartId{static_cast<u16>(hart)})
                continue;
            if (!callout.placed)
                unplaced++;
            else if (callout.wheel_level == 0)
                near[callout.bucket]++;
        }
    }
};

} // namespace

std::string callout_words(const model::State& state, const model::Names& names,
                          const model::Callout& callout) {
    const model::Lwp* runner = state.lwp(callout.runner);
    if (callout.running && runner != nullptr && runner->blocked_on != LockId::none)
        return "blocked on " + names.of(runner->blocked_on);
    if (callout.running && runner != nullptr && runner->spinning)
        return "spins for " + names.of(runner->spinning_for);
    if (callout.running)
        return "runs";
    if (callout.in_flight && runner != nullptr && callout.lock != LockId::none
        && (runner->blocked_on == callout.lock || runner->spinning_for == callout.lock)) {
        const model::Lock* lock = state.lock(callout.lock);
        return "waits for " + names.of(callout.lock)
               + (lock != nullptr && lock->owner != LwpId::none
                      ? ", held by " + names.of(lock->owner)
                      : "");
    }
    if (callout.in_flight)
        return "in flight";
    if (!callout.pending)
        return "not pending";
    auto hart = static_cast<usize>(callout.on);
    u64 now = hart < state.harts.size() ? state.harts[hart].ticks : 0;
    if (now == 0)
        return fmt::format("due at {}", callout.due);
    if (callout.due <= now)
        return "due";
    return fmt::format("in {} tick{}", callout.due - now, callout.due - now == 1 ? "" : "s");
}

void Paint::wheel(const Motion::Body& body) {
    u32 id = body.item.id;
    const model::Hart& hart = state_.harts[id];
    WheelPlan plan = WheelPlan::of(body.at, context_.fonts.scale());
    box(body.at, theme_.window, theme_.line);
    ImVec2 centre = at(plan.centre);
    list_.AddCircleFilled(centre, plan.radius + px(5), theme_.panel, 48);
    for (u32 level = 0; level < wheel_levels; level++) {
        list_.AddCircle(centre, plan.ring(level), level == 0 ? theme_.line_strong : theme_.line, 48,
                        px(level == 0 ? 2 : 1));
        if (level == 0 || hart.ticks == 0)
            continue;
        Point bar = plan.on_ring(level, wheel_bucket(hart.ticks, level));
        list_.AddCircleFilled(at(bar), px(2), theme_.text_faint, 8);
    }
    bool ticks = hart.ticks != 0; // before the first one nobody has told where the wheel stands
    if (ticks)
        draw_arrow(list_, centre, at(plan.on_ring(0, wheel_bucket(hart.ticks, 0))), theme_.accent,
                   px(2));
    list_.AddCircleFilled(centre, px(3), theme_.accent, 8);

    Buckets buckets(state_, id);
    std::string head = context_.store.names().of(trace::Kind::hart, id);
    head += ticks ? fmt::format(" · tick {}", hart.ticks) : " · no tick yet";
    if (buckets.unplaced != 0)
        head += fmt::format(" · {} in a bucket not told", buckets.unplaced);
    text(Face::small, plan.head.x, plan.head.y + px(1), theme_.text, head, plan.head.w);
    float width = plan.strip.w / static_cast<float>(std::max<usize>(1, plan.cells));
    for (usize i = 0; ticks && i < plan.cells; i++) {
        u32 bucket = wheel_bucket(hart.ticks + i, 0);
        Rect cell{plan.strip.x + width * static_cast<float>(i), plan.strip.y, width, plan.strip.h};
        bool full = buckets.near[bucket] != 0;
        Colour ground = full ? theme_.accent : theme_.panel;
        box(cell, ground, i == 0 ? theme_.accent : theme_.line, i == 0 ? px(2) : 1, 0);
        std::string number = std::to_string(bucket);
        float room = context_.fonts.measure(Face::tiny, number).x;
        text(Face::tiny, cell.x + std::floor((cell.w - room) / 2), cell.y + px(4),
             full ? theme_.accent_text : theme_.text_faint, number);
    }
}

/// A bucket that is not empty.
void Paint::mark(const Motion::Body& body) {
    Point centre = body.at.centre();
    list_.AddCircleFilled(at(centre), body.at.w / 2 + 1, fade(theme_.window, body.alpha), 12);
    list_.AddCircleFilled(at(centre), body.at.w / 2, fade(theme_.accent, body.alpha), 12);
}

void Paint::callout(const Motion::Body& body) {
    if (body.item.id >= state_.callouts.size())
        return;
    const model::Callout& callout = state_.callouts[body.item.id];
    const model::Names& names = context_.store.names();
    std::string name = names.of(CalloutId{body.item.id}) + (callout.fast ? " (fast)" : "");
    std::string words = callout_words(state_, names, callout);
    if (!in_flight(callout)) {
        chip(body, theme_.raised, name, words);
        return;
    }
    const model::Lwp* runner = state_.lwp(callout.runner);
    bool waits = runner != nullptr && (runner->blocked_on != LockId::none || runner->spinning);
    Colour ground = state_colour(waits ? trace::LwpState::blocked : trace::LwpState::running);
    if (body.at.h < px(28)) {
        chip(body, ground, name, words);
        return;
    }
    Colour ink = fade(on_colour(ground), body.alpha);
    box(body.at, fade(ground, body.alpha), fade(theme_.line_strong, body.alpha), 1, 3);
    float x = body.at.x + px(6), width = body.at.w - px(12);
    text(Face::bold, x, body.at.y + px(1), ink, name + ": " + words, width);
    std::string who = callout.waiter != LwpId::none   ? names.of(callout.waiter) + " waits for it"
                      : callout.fast                  ? "in the timer interrupt"
                      : callout.runner != LwpId::none ? "in " + names.of(callout.runner)
                                                      : "";
    if (callout.pending)
        who += (who.empty() ? "" : " · ") + fmt::format("armed again for tick {}", callout.due);
    text(Face::small, x, body.at.y + px(16), ink, who, width);
}

} // namespace view::machine
