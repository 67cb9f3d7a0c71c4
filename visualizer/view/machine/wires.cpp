// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/wires.hpp"

#include "model/line_state.hpp"

#include <fmt/format.h>

#include <cmath>

namespace view::machine {
namespace {

using model::LineState;

bool lit(LineState state) {
    return state != LineState::ready && state != LineState::unknown && state != LineState::disabled;
}

/// From the lamp down to the PLIC, along the bar, and down the gutter to the hart's head.
void draw_line_wire(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion,
                    u32 id) {
    const model::Line& line = context.state.lines[id];
    LineState now = model::line_state(context.state, line);
    const Motion::Body* lamp = motion.find(key_of(Part::line, id));
    const Motion::Body* plic = motion.find(key_of(Part::plic, 0));
    const Motion::Body* hart = motion.find(key_of(Part::hart, static_cast<u32>(line.route)));
    if (lamp == nullptr || plic == nullptr)
        return;
    bool on = lit(now);
    Colour colour = on ? line_state_colour(now) : context.theme.line;
    float thickness = on ? context.px(3) : context.px(1);
    ImVec2 from = paint.at({lamp->at.centre().x, lamp->at.bottom()});
    ImVec2 bar = paint.at({lamp->at.centre().x, plic->at.y});
    list.AddLine(from, bar, colour, thickness);
    if (now == LineState::blocked || now == LineState::disabled) {
        float d = context.px(4), y = (from.y + bar.y) / 2;
        list.AddLine({bar.x - d, y - d}, {bar.x + d, y + d}, colour, context.px(2));
        list.AddLine({bar.x - d, y + d}, {bar.x + d, y - d}, colour, context.px(2));
    }
    // A masked line still leads to its hart in the picture, but nothing flows.
    if (!on || hart == nullptr || now == LineState::blocked)
        return;
    float y = plic->at.centre().y, gutter = hart->at.x - context.px(9);
    float head = hart->at.y + context.px(13);
    list.AddLine(paint.at({lamp->at.centre().x, y}), paint.at({gutter, y}), colour, thickness);
    list.AddLine(paint.at({gutter, y}), paint.at({gutter, head}), colour, thickness);
    draw_arrow(list, paint.at({gutter, head}), paint.at({hart->at.x + context.px(2), head}), colour,
               thickness * 0.8f);
}

struct Curve {
    ImVec2 a, b, c, d;
};

/// A smooth way from the left edge of one body to the right edge of another.
Curve between(Context& context, const Paint& paint, const Rect& from, const Rect& to) {
    bool leftwards = to.right() <= from.x + 1;
    ImVec2 a = paint.at({leftwards ? from.x : from.right(), from.centre().y});
    ImVec2 d = paint.at({to.right(), to.centre().y});
    // Within one column the way turns round in the margin right of it, and stays inside.
    float reach =
        leftwards ? std::fmax(context.px(24), std::fabs(a.x - d.x) * 0.45f) : context.px(14);
    float turn = std::fmax(a.x, d.x) + reach;
    return {a, {leftwards ? a.x - reach : turn, a.y}, {leftwards ? d.x + reach : turn, d.y}, d};
}

ImVec2 middle_of(const Curve& c) {
    return {(c.a.x + 3 * c.b.x + 3 * c.c.x + c.d.x) / 8,
            (c.a.y + 3 * c.b.y + 3 * c.c.y + c.d.y) / 8};
}

/// From the head of a lock to one who holds it: a full dot at the holder, an open one for a reader.
void draw_holder_wire(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion,
                      u32 id, trace::LwpId holder, bool reads) {
    const Motion::Body* group = motion.find(key_of(Part::turnstile, id));
    const Motion::Body* card = motion.find(key_of(Part::lwp, static_cast<u32>(holder)));
    if (group == nullptr || card == nullptr || holder == trace::LwpId::none || card->item.hidden)
        return;
    Rect head{group->at.x, group->at.y, group->at.w, context.px(20)};
    Curve c = between(context, paint, head, card->at);
    Colour colour = fade(state_colour(trace::LwpState::blocked), 0.8f * group->alpha);
    list.AddBezierCubic(c.a, c.b, c.c, c.d, colour, context.px(1.5f));
    if (reads)
        list.AddCircle(c.d, context.px(4), colour, 0, context.px(1.5f));
    else
        list.AddCircleFilled(c.d, context.px(4), colour);
}

/// Who wants the lock and spins on a hart: dashes from its card to the lock.
void draw_spinner_wire(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion,
                       u32 id, trace::LwpId spinner) {
    const Motion::Body* group = motion.find(key_of(Part::turnstile, id));
    const Motion::Body* card = motion.find(key_of(Part::lwp, static_cast<u32>(spinner)));
    if (group == nullptr || card == nullptr)
        return;
    Rect head{group->at.x, group->at.y, group->at.w, context.px(20)};
    Curve c = between(context, paint, head, card->at);
    Colour colour = fade(context.theme.warning, group->alpha);
    constexpr int dashes = 24;
    auto at = [&](int i) {
        float t = static_cast<float>(i) / dashes, u = 1 - t;
        float w0 = u * u * u, w1 = 3 * u * u * t, w2 = 3 * u * t * t, w3 = t * t * t;
        return ImVec2(w0 * c.a.x + w1 * c.b.x + w2 * c.c.x + w3 * c.d.x,
                      w0 * c.a.y + w1 * c.b.y + w2 * c.c.y + w3 * c.d.y);
    };
    for (int i = 0; i < dashes; i += 2)
        list.AddLine(at(i), at(i + 1), colour, context.px(2));
}

/// From the card of an LWP that waits for a callout to the callout.
void draw_callout_wire(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion,
                       u32 id) {
    const model::Callout& callout = context.state.callouts[id];
    if (callout.waiter == trace::LwpId::none)
        return;
    const Motion::Body* chip = motion.find(key_of(Part::callout, id));
    const Motion::Body* card = motion.find(key_of(Part::lwp, static_cast<u32>(callout.waiter)));
    if (chip == nullptr || card == nullptr || card->item.hidden || chip->item.hidden)
        return;
    Colour colour = fade(state_colour(trace::LwpState::sleeping), chip->alpha);
    ImVec2 from = paint.at({card->at.x, card->at.centre().y});
    ImVec2 to = paint.at(
        {std::fmin(chip->at.right() - context.px(12), card->at.x - context.px(8)), chip->at.y});
    ImVec2 corner(to.x, from.y);
    list.AddLine(from, corner, colour, context.px(1.5f));
    draw_arrow(list, corner, to, colour, context.px(1.5f));
}

} // namespace

void draw_wires(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion) {
    for (bool active : {false, true}) // lit wires lie above dark ones
        for (u32 id = 0; id < context.state.lines.size(); id++)
            if (context.state.lines[id].known && lit(context.state.lines[id].state) == active)
                draw_line_wire(context, list, paint, motion, id);
    for (u32 id = 0; id < context.state.locks.size(); id++) {
        const model::Lock& lock = context.state.locks[id];
        draw_holder_wire(context, list, paint, motion, id, lock.owner, false);
        for (trace::LwpId reader : lock.shared)
            draw_holder_wire(context, list, paint, motion, id, reader, true);
        for (trace::LwpId spinner : lock.spinners)
            draw_spinner_wire(context, list, paint, motion, id, spinner);
    }
    for (u32 id = 0; id < context.state.callouts.size(); id++)
        draw_callout_wire(context, list, paint, motion, id);
}

void draw_lending(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion) {
    for (const model::Lock& lock : context.state.locks) {
        if (lock.lent == 0 || lock.lent_to == trace::LwpId::none)
            continue;
        const Motion::Body* from = motion.find(key_of(Part::lwp, static_cast<u32>(lock.lender)));
        const Motion::Body* to = motion.find(key_of(Part::lwp, static_cast<u32>(lock.lent_to)));
        if (from == nullptr || to == nullptr)
            continue;
        Curve c = between(context, paint, from->at, to->at);
        Colour colour = context.theme.warning;
        float thickness = context.px(3);
        list.AddBezierCubic(c.a, c.b, {c.c.x + thickness, c.c.y}, {c.d.x + thickness * 3, c.d.y},
                            colour, thickness);
        draw_arrow(list, {c.d.x + thickness * 4, c.d.y}, c.d, colour, thickness);
        ImVec2 middle = middle_of(c);
        std::string label = fmt::format("lends {}", lock.lent);
        ImVec2 size = context.fonts.measure(Face::small, label);
        float pad = context.px(4), edge = list.GetClipRectMax().x - size.x - pad;
        ImVec2 corner(std::fmin(middle.x - size.x / 2, edge), middle.y - size.y / 2);
        list.AddRectFilled({corner.x - pad, corner.y - 1},
                           {corner.x + size.x + pad, corner.y + size.y + 1}, colour, context.px(3));
        draw_text(list, context.fonts, Face::small, corner, on_colour(colour), label);
    }
}

} // namespace view::machine
