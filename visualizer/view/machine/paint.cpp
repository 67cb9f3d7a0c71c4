// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/paint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace view::machine {

void Paint::body(const Motion::Body& body) {
    switch (body.item.part) {
    case Part::band:
        return band(body);
    case Part::plic:
        return plic(body);
    case Part::hart:
        return hart(body);
    case Part::stage:
    case Part::queue:
        return place(body);
    case Part::turnstile:
    case Part::channel:
        return group(body);
    case Part::level:
        return level(body);
    case Part::wheel:
        return wheel(body);
    case Part::mark:
        return mark(body);
    case Part::line:
        return line(body);
    case Part::softint:
        return softint(body);
    case Part::callout:
        return callout(body);
    case Part::more:
        return more(body);
    case Part::lwp:
        return lwp(body);
    }
}

void Paint::frame(const Motion::Body& body, Colour colour, float thickness) {
    const Rect& r = body.at;
    float out = px(2);
    list_.AddRect(at({r.x - out, r.y - out}), at({r.right() + out, r.bottom() + out}),
                  fade(colour, body.alpha), px(5), 0, thickness);
}

void Paint::box(const Rect& r, Colour fill, Colour outline, float thickness, float rounding) {
    ImVec2 from(std::floor(origin_.x + r.x), std::floor(origin_.y + r.y));
    ImVec2 to(std::floor(origin_.x + r.right()), std::floor(origin_.y + r.bottom()));
    if (r.h < px(60)) {
        list_.AddRectFilled(from, to, fill, px(rounding));
        if (outline >> 24 != 0)
            list_.AddRect(from, to, outline, px(rounding), 0, thickness);
        return;
    }
    // What is large has square corners and a crisp outline of four bars: cheap to fill.
    float t = std::max(1.0f, std::floor(thickness));
    list_.AddRectFilled(from, to, fill);
    if (outline >> 24 == 0)
        return;
    list_.AddRectFilled(from, {to.x, from.y + t}, outline);
    list_.AddRectFilled({from.x, to.y - t}, to, outline);
    list_.AddRectFilled({from.x, from.y + t}, {from.x + t, to.y - t}, outline);
    list_.AddRectFilled({to.x - t, from.y + t}, {to.x, to.y - t}, outline);
}

float Paint::text(Face face, float x, float y, Colour colour, const std::string& words,
                  float width) {
    return draw_text(list_, context_.fonts, face, at({x, y}), colour, words, width);
}

void Paint::band(const Motion::Body& body) {
    static constexpr const char* titles[] = {"INTERRUPT LINES", "WAITING", "SOFT INTERRUPTS",
                                             "CALLOUTS"};
    std::string title = titles[std::min<u32>(body.item.id, 3)];
    std::string nothing;
    if (body.item.id == static_cast<u32>(Band::callouts)) {
        if (std::none_of(state_.callouts.begin(), state_.callouts.end(),
                         [](const model::Callout& callout) { return callout.known; }))
            nothing = "no callout exists yet";
    } else if (body.item.id == static_cast<u32>(Band::waiting)) {
        if (std::none_of(state_.lwps.begin(), state_.lwps.end(), [](const model::Lwp& lwp) {
                return lwp.known
                       && (lwp.state == trace::LwpState::sleeping
                           || lwp.state == trace::LwpState::blocked);
            }))
            nothing = "nobody sleeps or is blocked";
    }
    box(body.at, theme_.panel, theme_.line);
    if (!nothing.empty())
        title += "  ·  " + nothing;
    text(Face::small, body.at.x + px(8), body.at.y + px(3), theme_.text_faint, title,
         body.at.w - px(16));
}

void Paint::plic(const Motion::Body& body) {
    box(body.at, theme_.raised, theme_.line_strong, 1, 2);
    // At the end: lines come from the lamps at the beginning and go to harts left of the waiting.
    float width = context_.fonts.measure(Face::tiny, "PLIC").x;
    text(Face::tiny, body.at.right() - width - px(6), body.at.y, theme_.text_faint, "PLIC");
}

void Paint::place(const Motion::Body& body) {
    const model::Hart& hart = state_.harts[body.item.id];
    bool is_stage = body.item.part == Part::stage;
    if (is_stage) {
        box(body.at, theme_.window, theme_.line);
        if (hart.running == trace::LwpId::none)
            text(Face::small, body.at.x + px(8), body.at.y + px(6), theme_.text_faint,
                 "? no event has said what runs here", body.at.w - px(16));
        return;
    }
    box(body.at, fade(theme_.window, 0.6f), 0);
    std::string title = hart.run_queue.empty()
                            ? "run queue: empty"
                            : fmt::format("run queue: {}", hart.run_queue.size());
    if (body.at.h < px(hart.run_queue.empty() ? 17 : 36))
        return; // the cards have all the room
    text(Face::small, body.at.x + px(6), body.at.y + px(3), theme_.text_faint, title,
         body.at.w - px(12));
}

void Paint::level(const Motion::Body& body) {
    box(body.at, theme_.window, theme_.line);
    if (body.at.h < px(40))
        return;
    text(Face::small, body.at.x + px(6), body.at.y + px(2), theme_.text_faint,
         context_.store.names().of_level(static_cast<trace::Level>(body.item.id)),
         body.at.w - px(12));
}

void Paint::chip(const Motion::Body& body, Colour ground, const std::string& left,
                 const std::string& right) {
    Colour ink = fade(ground == theme_.raised ? theme_.text : on_colour(ground), body.alpha);
    box(body.at, fade(ground, body.alpha), fade(theme_.line_strong, body.alpha), 1, 3);
    float width = body.at.w - px(10);
    float used = right.empty() ? 0 : context_.fonts.measure(Face::small, right).x + px(6);
    float y = body.at.y + std::floor((body.at.h - context_.fonts.height(Face::small)) / 2);
    text(Face::small, body.at.x + px(5), y, ink, left, width - std::min(used, width * 0.6f));
    if (used != 0 && used < width * 0.75f)
        text(Face::small, body.at.right() - px(5) - used + px(6), y, ink, right);
}

void Paint::softint(const Motion::Body& body) {
    if (body.item.id >= state_.softints.size())
        return;
    const model::Softint& softint = state_.softints[body.item.id];
    Colour ground = softint.running   ? state_colour(trace::LwpState::running)
                    : softint.pending ? state_colour(trace::LwpState::runnable)
                                      : theme_.raised;
    std::string word = softint.running ? "runs" : softint.pending ? "pending" : "";
    if (u8 where = softint.running != 0 ? softint.running : softint.pending;
        where != 0 && state_.hart_count > 1)
        for (u32 hart = 0; hart < 8; hart++)
            if ((where >> hart & 1) != 0)
                word +=
                    (word.back() >= '0' && word.back() <= '9' ? "," : " ") + std::to_string(hart);
    chip(body, ground, context_.store.names().of(trace::Kind::softint, body.item.id), word);
}

void Paint::more(const Motion::Body& body) {
    text(Face::small, body.at.x + px(4), body.at.y, fade(theme_.text_faint, body.alpha),
         fmt::format("+ {} more", body.item.id), body.at.w);
}

} // namespace view::machine
