// SPDX-License-Identifier: BSD-2-Clause
#include "view/timeline/lane_paint.hpp"

#include "view/draw.hpp"
#include "view/machine/paint.hpp"

#include <algorithm>
#include <cmath>

namespace view::timeline {
namespace {

/// What a span says in words, if there is room.
std::string label_of(Context& context, const Lane& lane, usize span) {
    const model::Names& names = context.store.names();
    trace::LwpId who{lane.who(span)};
    switch (lane.object().kind) {
    case trace::Kind::hart:
        return names.of(who);
    case trace::Kind::lock:
        return who != trace::LwpId::none ? "held by " + names.of(who) : "";
    case trace::Kind::line:
        return lane.class_of(span) == static_cast<u8>(model::LineState::ready)
                   ? ""
                   : class_name(trace::Kind::line, lane.class_of(span));
    default:
        return state_name(static_cast<trace::LwpState>(lane.class_of(span)));
    }
}

/// Thin classes (rest, ready, free) are drawn as a line, so that what happens stands out.
bool is_quiet(trace::Kind kind, u8 klass) {
    switch (kind) {
    case trace::Kind::hart:
        return klass == static_cast<u8>(trace::LwpKind::idle);
    case trace::Kind::lwp:
        return klass == static_cast<u8>(trace::LwpState::idle)
               || klass == static_cast<u8>(trace::LwpState::zombie);
    case trace::Kind::line:
        return klass <= static_cast<u8>(model::LineState::ready);
    default:
        return klass == static_cast<u8>(LockClass::free);
    }
}

void draw_span(Context& context, ImDrawList& list, const Lane& lane, usize span, float x0, float x1,
               ImVec2 at, float height) {
    trace::Kind kind = lane.object().kind;
    u8 klass = lane.class_of(span);
    Colour colour = class_colour(kind, klass);
    float left = std::floor(at.x + x0), right = std::max(left + 1, std::floor(at.x + x1));
    if (is_quiet(kind, klass)) {
        float middle = std::floor(at.y + height / 2);
        list.AddRectFilled({left, middle - 1}, {right, middle + 1}, colour);
        return;
    }
    list.AddRectFilled({left, at.y}, {right, at.y + height}, colour);
    if (right - left >= 3) // a seam, so that neighbours of one colour stay two
        list.AddRectFilled({right - 1, at.y}, {right, at.y + height}, mix(colour, rgb(0), 0.3f));
    if (right - left > context.px(30))
        draw_text(list, context.fonts, Face::small,
                  {std::max(left, at.x) + context.px(4),
                   at.y + (height - context.fonts.height(Face::small)) / 2},
                  on_colour(colour), label_of(context, lane, span),
                  right - std::max(left, at.x) - context.px(8));
}

void draw_spans(Context& context, ImDrawList& list, const Axis& axis, const Lane& lane, usize from,
                usize to, ImVec2 at, float height) {
    for (bool narrow : {false, true}) // what is narrow lies on top: it must not vanish
        for (usize i = from; i < to; i++) {
            float x0 = std::max(0.0f, axis.x_of(axis.position(lane.start(i))));
            double end = i + 1 < lane.size() ? axis.position(lane.start(i + 1)) : axis.length();
            float x1 = std::min(axis.width(), axis.x_of(end));
            if (x0 <= axis.width() && x1 >= 0 && (x1 - x0 < 2) == narrow)
                draw_span(context, list, lane, i, x0, x1, at, height);
        }
}

/// Heights of the classes of one column; they add up to `height`.
std::array<float, class_count> stack(const Mixture& mixture, float height) {
    std::array<float, class_count> heights{};
    u64 sum = 0;
    for (u64 ticks : mixture.ticks)
        sum += ticks;
    usize largest = 0;
    float used = 0;
    for (usize k = 0; k < class_count; k++) {
        u64 ticks = mixture.ticks[k];
        if (ticks != 0 || (mixture.present >> k & 1) != 0)
            heights[k] = std::max(
                2.0f, sum == 0 ? 0 : height * static_cast<float>(ticks) / static_cast<float>(sum));
        used += heights[k];
        if (heights[k] > heights[largest])
            largest = k;
    }
    if (used > 0)
        heights[largest] = std::max(1.0f, heights[largest] + height - used);
    return heights;
}

void draw_columns(ImDrawList& list, const model::Store& store, const Columns& columns,
                  const Lane& lane, ImVec2 at, float height) {
    trace::Kind kind = lane.object().kind;
    std::array<Colour, class_count> colours{};
    for (u8 k = 0; k < class_count; k++)
        colours[k] = is_quiet(kind, k) ? 0 : class_colour(kind, k);
    usize from = lane.count_before(columns.events[0]);
    for (usize c = 0; c + 1 < columns.events.size(); c++) {
        usize to = lane.count_before(columns.events[c + 1], from);
        auto heights =
            stack(lane.within(store, from, to, columns.times[c], columns.times[c + 1]), height);
        from = to;
        float x = std::floor(at.x + static_cast<float>(c) * columns.width), y = at.y + height;
        for (usize k = 0; k < class_count; k++) {
            if (heights[k] <= 0)
                continue;
            float top = std::max(at.y, y - heights[k]);
            if (colours[k] != 0)
                list.AddRectFilled({x, top}, {x + columns.width, y}, colours[k]);
            y = top;
        }
    }
}

} // namespace

Columns Columns::of(const Axis& axis, float column_width) {
    Columns columns;
    columns.width = column_width;
    auto count = static_cast<usize>(axis.width() / column_width);
    for (usize c = 0; c <= count; c++) {
        double position = axis.at(static_cast<float>(c) * column_width);
        columns.events.push_back(static_cast<u32>(axis.events_before(position)));
        columns.times.push_back(axis.time_at(position));
    }
    return columns;
}

Colour class_colour(trace::Kind kind, u8 klass) {
    switch (kind) {
    case trace::Kind::hart:
        return kind_colour(static_cast<trace::LwpKind>(klass));
    case trace::Kind::line:
        return machine::line_state_colour(static_cast<model::LineState>(klass));
    case trace::Kind::lock:
        return klass == static_cast<u8>(LockClass::contended)
                   ? state_colour(trace::LwpState::blocked)
               : klass == static_cast<u8>(LockClass::held) ? state_colour(trace::LwpState::running)
                                                           : state_colour(trace::LwpState::idle);
    default:
        return state_colour(static_cast<trace::LwpState>(klass));
    }
}

const char* class_name(trace::Kind kind, u8 klass) {
    static constexpr const char* kinds[] = {"kernel thread", "user thread", "idle", "softint LWP",
                                            "interrupt LWP"};
    static constexpr const char* locks[] = {"free", "held", "held and waited for"};
    switch (kind) {
    case trace::Kind::hart:
        return kinds[std::min<usize>(klass, std::size(kinds) - 1)];
    case trace::Kind::line:
        return machine::line_state_name(static_cast<model::LineState>(klass));
    case trace::Kind::lock:
        return locks[std::min<usize>(klass, std::size(locks) - 1)];
    default:
        return state_name(static_cast<trace::LwpState>(klass));
    }
}

void draw_lane(Context& context, ImDrawList& list, const Axis& axis, const Columns& columns,
               const Lane& lane, ImVec2 at, float height) {
    auto first = static_cast<u32>(axis.events_before(axis.from()));
    auto last = static_cast<u32>(axis.events_before(axis.to()));
    auto [from, to] = lane.spans_within(first, last);
    if (from > 0)
        from--;
    if (static_cast<float>(to - from) <= axis.width() / 3)
        draw_spans(context, list, axis, lane, from, to, at, height);
    else
        draw_columns(list, context.store, columns, lane, at, height);
}

} // namespace view::timeline
