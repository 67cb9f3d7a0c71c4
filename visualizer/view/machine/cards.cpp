// SPDX-License-Identifier: BSD-2-Clause
// The cards of LWPs and the lamps of interrupt lines. See paint.hpp.
#include "view/machine/paint.hpp"

#include "model/line_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace view::machine {

using model::LineState;
using trace::LwpState;

const char* line_state_name(LineState state) {
    switch (state) {
    case LineState::ready:
        return "ready";
    case LineState::claimed:
        return "claimed";
    case LineState::deferred:
        return "deferred";
    case LineState::in_handler:
        return "in handler";
    case LineState::blocked:
        return "masked: blocked";
    case LineState::disabled:
        return "disabled";
    case LineState::unknown:
        break;
    }
    return "unknown";
}

Colour line_state_colour(LineState state) {
    switch (state) {
    case LineState::claimed:
        return state_colour(LwpState::runnable);
    case LineState::deferred:
        return state_colour(LwpState::pinned);
    case LineState::in_handler:
        return state_colour(LwpState::running);
    case LineState::blocked:
        return state_colour(LwpState::blocked);
    default:
        return state_colour(LwpState::idle);
    }
}

/// Ready: a ring. Claimed: half full. In the handler: full. Deferred: two bars. Masked: crossed
/// out. Unknown: a question mark.
void Paint::lamp(ImVec2 c, float radius, LineState state, float alpha) {
    Colour colour = fade(line_state_colour(state), alpha), ink = fade(theme_.text_faint, alpha);
    bool lit = state == LineState::in_handler || state == LineState::blocked;
    if (lit)
        list_.AddCircleFilled(c, radius, colour);
    list_.AddCircle(c, radius,
                    lit || state == LineState::claimed || state == LineState::deferred ? colour
                                                                                       : ink,
                    0, px(2));
    if (state == LineState::claimed)
        list_.AddCircleFilled(c, radius * 0.6f, colour);
    if (state == LineState::deferred)
        for (float side : {-1.0f, 1.0f})
            list_.AddRectFilled({c.x + side * radius * 0.4f - px(1), c.y - radius * 0.5f},
                                {c.x + side * radius * 0.4f + px(1), c.y + radius * 0.5f}, colour);
    if (state == LineState::blocked || state == LineState::disabled) {
        float d = radius * 0.6f;
        Colour cross = state == LineState::blocked ? fade(rgb(0xffffff), alpha) : ink;
        list_.AddLine({c.x - d, c.y - d}, {c.x + d, c.y + d}, cross, px(2));
        list_.AddLine({c.x - d, c.y + d}, {c.x + d, c.y - d}, cross, px(2));
    }
    if (state == LineState::unknown)
        draw_text(list_, context_.fonts, Face::small, {c.x - px(3), c.y - px(7)}, ink, "?");
}

void Paint::line(const Motion::Body& body) {
    if (body.item.id >= state_.lines.size())
        return;
    const model::Line& line = state_.lines[body.item.id];
    LineState now = model::line_state(state_, line);
    bool active = line.throttled || (now != LineState::ready && now != LineState::unknown);
    Colour outline = line.throttled ? theme_.warning
                     : active       ? line_state_colour(now)
                                    : theme_.line;
    box(body.at, theme_.raised, fade(outline, body.alpha), active ? px(2) : 1);
    float radius = px(7), x = body.at.x + px(8) + radius;
    lamp(at({x, body.at.y + body.at.h / 2}), radius, now, body.alpha);
    if (body.item.detail == Detail::dot)
        return;
    float left = x + radius + px(6), width = body.at.right() - left - px(4);
    std::string state = line_state_name(now);
    if (line.throttled)
        state = "throttled" + (now == LineState::ready ? "" : " · " + state);
    else if (now == LineState::ready && line.interrupts != 0)
        state += fmt::format(" · {} so far", line.interrupts);
    Colour ink = active ? theme_.text : theme_.text_faint;
    std::string name = context_.store.names().of(trace::Kind::line, body.item.id);
    if (body.at.h >= px(34)) {
        text(Face::bold, left, body.at.y + px(2), theme_.text, name, width);
        text(Face::small, left, body.at.y + px(20), ink, state, width);
        return;
    }
    if (!active)
        state = line.interrupts != 0 ? std::to_string(line.interrupts) : "";
    float used = text(Face::bold, left, body.at.y + px(2), theme_.text, name, width) + px(6);
    if (width - used > px(24))
        text(Face::small, left + used, body.at.y + px(4), ink, state, width - used);
}

std::string Paint::priority(const model::Lwp& lwp) const {
    if (lwp.inherited > lwp.own)
        return fmt::format("{}▲{}", lwp.own, lwp.effective);
    return fmt::format("{}", lwp.effective);
}

std::string lwp_words(const model::State& state, const model::Names& names, const model::Lwp& lwp,
                      bool with_state) {
    std::string words = with_state ? state_name(lwp.state) : "";
    auto add = [&](const std::string& more) { words += (words.empty() ? "" : " · ") + more; };
    if (lwp.kind == trace::LwpKind::idle && lwp.state == LwpState::running)
        words = with_state ? "nothing to run" : "";
    switch (lwp.state) {
    case LwpState::blocked: {
        const model::Lock* lock = state.lock(lwp.blocked_on);
        bool shares = lock != nullptr && may_be_shared(lock->kind);
        words = (!shares                            ? "blocked on "
                 : lwp.wants == trace::Hold::shared ? "waits to read "
                                                    : "waits to write ")
                + names.of(lwp.blocked_on);
        break;
    }
    case LwpState::sleeping:
        words = "sleeps on " + names.of(lwp.sleeps_on);
        if (lwp.deadline != 0)
            add(fmt::format("until tick {}", lwp.deadline));
        break;
    case LwpState::pinned:
        words = "pinned: interrupted";
        break;
    default:
        break;
    }
    if (lwp.spinning)
        add("spins for " + names.of(lwp.spinning_for));
    if (trace::LineId line = state.guest_of(lwp); line != trace::LineId::none)
        add("⚡ " + names.of(line) + "'s handler runs inside it");
    if (lwp.callout != trace::CalloutId::none)
        add("runs " + names.of(lwp.callout));
    else if (lwp.softint != trace::SoftintId::none && lwp.kind != trace::LwpKind::softint)
        add("◆ " + names.of(lwp.softint) + " runs inside it");
    else if (lwp.softint != trace::SoftintId::none)
        add("runs " + names.of(lwp.softint));
    else if (lwp.line != trace::LineId::none && lwp.kind == trace::LwpKind::interrupt)
        add("handles " + names.of(lwp.line));
    for (usize i = 0; i < lwp.holds.size() && i < 3; i++)
        add((i == 0 ? "holds " : "") + names.of(lwp.holds[i]));
    return words;
}

void Paint::dot(const Motion::Body& body, Colour colour, bool known) {
    const Rect& r = body.at;
    if (known)
        box(r, fade(colour, body.alpha), 0, 1, 3);
    else
        box(r, 0, fade(theme_.text_faint, body.alpha), 1, 3);
}

void Paint::lwp(const Motion::Body& body) {
    u32 id = body.item.id;
    if (id >= state_.lwps.size() || body.alpha <= 0)
        return;
    const model::Lwp& lwp = state_.lwps[id];
    bool idles = lwp.kind == trace::LwpKind::idle;
    LwpState shown = idles && lwp.state == LwpState::running ? LwpState::idle : lwp.state;
    Colour colour = lwp.known ? state_colour(shown) : theme_.line_strong;
    bool inside = state_.guest_of(lwp) != trace::LineId::none;
    if (body.at.h < px(16)) {
        dot(body, colour, lwp.known);
        return;
    }
    bool big = body.at.h >= px(34);
    float strength = shown == LwpState::idle ? 0.06f : shown == LwpState::running ? 0.34f : 0.20f;
    Colour ground = mix(theme_.raised, colour, strength);
    box(body.at, fade(ground, body.alpha), fade(colour, body.alpha), big ? px(1.5f) : 1);
    float band = big ? px(7) : px(5);
    list_.AddRectFilled(at({std::floor(body.at.x), std::floor(body.at.y)}),
                        at({std::floor(body.at.x) + band, std::floor(body.at.bottom())}),
                        fade(colour, body.alpha), px(4), ImDrawFlags_RoundCornersLeft);
    if ((lwp.kind == trace::LwpKind::interrupt || inside) && big) { // a double frame: a handler
        Rect inner{body.at.x + px(3), body.at.y + px(3), body.at.w - px(6), body.at.h - px(6)};
        Colour frame = inside ? kind_colour(trace::LwpKind::interrupt) : fade(colour, 0.5f);
        box(inner, 0, fade(frame, body.alpha), inside ? px(2) : 1, 3);
    }
    words(body, lwp, fade(theme_.text, body.alpha));
}

/// A sign of the kind before the name: a bolt for interrupt LWPs, a diamond for softints.
void Paint::words(const Motion::Body& body, const model::Lwp& lwp, Colour ink) {
    const Rect& r = body.at;
    bool big = r.h >= px(34);
    bool rests = lwp.state == LwpState::idle;
    Colour faint = fade(theme_.text_faint, body.alpha);
    Face face = big ? Face::bold : Face::small;
    const char* sign = lwp.kind == trace::LwpKind::interrupt ? "⚡ "
                       : lwp.kind == trace::LwpKind::softint ? "◆ "
                       : lwp.kind == trace::LwpKind::idle    ? "○ "
                                                             : "";
    std::string name =
        (lwp.known ? sign : "? ") + context_.store.names().of(trace::Kind::lwp, body.item.id);
    float x = r.x + px(big ? 13 : 9), right = r.right() - px(7);
    float y = big ? r.y + px(5) : r.y + std::floor((r.h - context_.fonts.height(face)) / 2);
    if (r.h > px(46))
        y += px(2);
    std::string number = rests || !lwp.known ? "" : priority(lwp);
    float number_width = number.empty() ? 0 : context_.fonts.measure(face, number).x;
    float name_width =
        text(face, x, y, rests ? faint : ink, name, right - x - number_width - px(6));
    if (number_width != 0 && right - x > number_width + px(30)) {
        Colour colour = lwp.inherited > lwp.own ? fade(theme_.warning, body.alpha) : faint;
        text(face, right - number_width, y, colour, number);
    }
    std::string details = lwp_words(state_, context_.store.names(), lwp, big);
    if (big) {
        text(Face::small, x, y + px(18), rests ? faint : ink, details, right - x);
    } else if (!rests) {
        float room = right - number_width - px(8) - (x + name_width + px(8));
        if (room > px(40))
            text(face, x + name_width + px(8), y, faint, details, room);
    }
}

} // namespace view::machine
