// SPDX-License-Identifier: BSD-2-Clause
#include "view/timeline/timeline.hpp"

#include "view/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace view::timeline {
namespace {

constexpr float gutter = 150; // names of lanes
constexpr float ruler_height = 31, map_height = 12;

/// Harts, then lines, threads, interrupt and softint LWPs, locks. -1: not shown. Idle LWPs are not:
/// the harts' lanes say when nothing runs.
int rank(const model::State& state, const Object& object) {
    switch (object.kind) {
    case trace::Kind::hart:
        return 0;
    case trace::Kind::line:
        return 1;
    case trace::Kind::lwp: {
        const model::Lwp* lwp = state.lwp(trace::LwpId{static_cast<u16>(object.id)});
        trace::LwpKind kind = lwp != nullptr ? lwp->kind : trace::LwpKind::kernel;
        bool thread = kind == trace::LwpKind::kernel || kind == trace::LwpKind::user;
        return kind == trace::LwpKind::idle ? -1 : thread ? 2 : 3;
    }
    default:
        return 4;
    }
}

} // namespace

void Timeline::toggle_marker(int which, usize shown) {
    auto& marker = markers_[static_cast<usize>(which)];
    marker = marker == shown ? std::nullopt : std::optional(shown);
}

const Timeline::Row* Timeline::row_of(const Object& object) const {
    auto at = std::find_if(rows_.begin(), rows_.end(),
                           [&](const Row& r) { return r.lane->object() == object; });
    return at == rows_.end() ? nullptr : &*at;
}

const Timeline::Row* Timeline::row_at(float y) const {
    auto at = std::find_if(rows_.begin(), rows_.end(),
                           [&](const Row& r) { return y >= r.y && y < r.y + r.height; });
    return at == rows_.end() ? nullptr : &*at;
}

void Timeline::lay_out(Context& context) {
    rows_.clear();
    for (const Lane& lane : lanes_.all()) {
        // Who only ever rested and locks nobody took say nothing; they come when something happens.
        bool silent =
            lane.size() < 2
            && (lane.object().kind == trace::Kind::lwp || lane.object().kind == trace::Kind::lock);
        int group = rank(context.store.newest(), lane.object());
        if ((!silent && group >= 0) || context.selection.is(lane.object()))
            rows_.push_back({&lane, group, 0, 0});
    }
    std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
        bool lwps = a.group == b.group && a.lane->object().kind == trace::Kind::lwp;
        if (lwps && a.lane->size() != b.lane->size()) // the busiest first
            return a.lane->size() > b.lane->size();
        return a.group != b.group ? a.group < b.group : a.lane->object().id < b.lane->object().id;
    });
    float y = 0;
    for (usize i = 0; i < rows_.size(); i++) {
        if (i != 0 && rows_[i].group != rows_[i - 1].group)
            y += context.px(8);
        rows_[i].height = context.px(rows_[i].lane->object().kind == trace::Kind::hart ? 24 : 19);
        rows_[i].y = y;
        y += rows_[i].height + context.px(2);
    }
    rows_height_ = y;
}

void Timeline::draw(Context& context) {
    context.animate = lanes_.update(context.store, 6) || context.animate;
    lay_out(context);
    draw_head(context);
    ImVec2 at = ImGui::GetCursorScreenPos(), size = ImGui::GetContentRegionAvail();
    if (size.x < context.px(gutter + 80) || size.y < context.px(60))
        return;
    float left = context.px(gutter), ruler = context.px(ruler_height), map = context.px(map_height);
    axis_.set_width(size.x - left);
    axis_.set_run(context.store);
    if (context.shown != last_shown_ && !axis_.shows_all())
        axis_.reveal(axis_.position(context.shown == 0 ? 0 : context.shown - 1));
    last_shown_ = context.shown;
    if (context.store.empty()) {
        ImGui::TextDisabled("No event yet.");
        return;
    }
    ImVec2 lanes{at.x + left, at.y + ruler};
    ImVec2 lanes_size{size.x - left, size.y - ruler - map - context.px(4)};
    scroll_ = std::clamp(scroll_, 0.0f, std::max(0.0f, rows_height_ - lanes_size.y));
    draw_ruler(context, {at.x + left, at.y}, ruler);
    handle_pointer(context, lanes, lanes_size);
    draw_rows(context, lanes, lanes_size);
    draw_cursor(context, {at.x + left, at.y}, ruler + lanes_size.y);
    draw_map(context, {at.x + left, at.y + size.y - map}, {size.x - left, map});
}

std::optional<std::pair<usize, usize>> Timeline::marked() const {
    if (!markers_[0] || !markers_[1])
        return std::nullopt;
    return std::minmax(*markers_[0], *markers_[1]);
}

void Timeline::draw_head(Context& context) {
    bool by_events = axis_.scale() == Scale::events;
    if (ImGui::RadioButton("one event, one step", by_events))
        axis_.set_scale(Scale::events);
    ImGui::SameLine();
    if (ImGui::RadioButton("time", !by_events))
        axis_.set_scale(Scale::time);
    ImGui::SameLine();
    if (ImGui::Button("Whole run"))
        axis_.show_all();
    ImGui::SameLine(0, context.px(16));
    // The legend: each colour with its word.
    auto swatch = [&](Colour colour, const char* word) {
        ImVec2 at = ImGui::GetCursorScreenPos();
        float side = context.px(11), y = at.y + context.px(6);
        ImGui::GetWindowDrawList()->AddRectFilled({at.x, y}, {at.x + side, y + side}, colour, 2);
        ImGui::Dummy({side, side});
        ImGui::SameLine(0, context.px(4));
        ImGui::AlignTextToFramePadding();
        ImGui::TextDisabled("%s", word);
        ImGui::SameLine(0, context.px(10));
    };
    using enum trace::LwpState;
    for (trace::LwpState state : {running, runnable, pinned, blocked, sleeping})
        swatch(state_colour(state), state_name(state));
    ImGui::TextDisabled("harts:");
    ImGui::SameLine(0, context.px(6));
    swatch(kind_colour(trace::LwpKind::interrupt), "interrupt");
    swatch(kind_colour(trace::LwpKind::softint), "softint");
    if (auto range = marked()) {
        auto [a, b] = *range;
        auto time = [&context](usize shown) {
            return shown == 0 ? context.first_time()
                              : context.store.time(std::min(shown, context.store.size()) - 1);
        };
        std::string words = fmt::format(
            "A to B: {} events, {}", b - a,
            model::format_time(time(b) - time(a), std::max<u64>(1, context.state.timebase)));
        ImGui::TextUnformatted(words.c_str());
    } else {
        ImGui::NewLine();
    }
}

void Timeline::handle_pointer(Context& context, ImVec2 at, ImVec2 size) {
    float left = context.px(gutter);
    ImGui::SetCursorScreenPos({at.x - left, at.y});
    ImGui::InvisibleButton("names", {left - context.px(4), size.y});
    ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsItemHovered())
        scroll_ -= io.MouseWheel * context.px(40);
    if (ImGui::IsItemClicked())
        if (const Row* row = row_at(io.MousePos.y - at.y + scroll_))
            context.selection.object = row->lane->object();
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton("lanes", size);
    float x = io.MousePos.x - at.x;
    if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
        if (io.KeyShift)
            axis_.pan(io.MouseWheel * context.px(80));
        else
            axis_.zoom(x, std::pow(1.3, static_cast<double>(io.MouseWheel)));
        context.animate = true;
    }
    if (ImGui::IsItemActivated())
        dragged_ = false;
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, context.px(4))) {
        dragged_ = true;
        axis_.pan(io.MouseDelta.x);
        scroll_ -= io.MouseDelta.y;
    }
    if (ImGui::IsItemDeactivated() && !dragged_) {
        if (const Row* row = row_at(io.MousePos.y - at.y + scroll_))
            context.selection.object = row->lane->object();
        context.playback.seek(axis_.events_before(axis_.at(x)));
    }
    if (ImGui::IsItemHovered() && !ImGui::IsItemActive())
        draw_hint(context, at);
}

/// What the pointer is on.
void Timeline::draw_hint(Context& context, ImVec2 at) {
    ImVec2 mouse = ImGui::GetIO().MousePos;
    const Row* row = row_at(mouse.y - at.y + scroll_);
    usize before = axis_.events_before(axis_.at(mouse.x - at.x));
    if (row == nullptr || before == 0)
        return;
    const Lane& lane = *row->lane;
    usize span = lane.span_at(static_cast<u32>(before - 1));
    context.selection.hovered = lane.object();
    if (span >= lane.size())
        return;
    u64 from = context.store.time(lane.start(span));
    u64 to = span + 1 < lane.size() ? context.store.time(lane.start(span + 1))
                                    : context.store.time(context.store.size() - 1);
    std::string who;
    if (lane.object().kind == trace::Kind::hart)
        who = " " + context.store.names().of(trace::LwpId{lane.who(span)});
    ImGui::SetTooltip(
        "%s: %s%s\nfrom %s for %s", name_of(context, lane.object()).c_str(),
        class_name(lane.object().kind, lane.class_of(span)), who.c_str(),
        context.time_text(from).c_str(),
        model::format_time(to - from, std::max<u64>(1, context.state.timebase)).c_str());
}

void Timeline::draw_rows(Context& context, ImVec2 at, ImVec2 size) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float left = context.px(gutter);
    list.PushClipRect({at.x - left, at.y}, {at.x + size.x, at.y + size.y}, true);
    Columns columns = Columns::of(axis_, std::max(2.0f, context.px(2)));
    for (const Row& row : rows_) {
        float y = at.y + row.y - scroll_;
        if (y + row.height < at.y || y > at.y + size.y)
            continue;
        if (context.selection.is(row.lane->object()))
            list.AddRectFilled({at.x - left, y - 1}, {at.x + size.x, y + row.height + 1},
                               fade(context.theme.accent, 0.18f));
        draw_name(context, row, {at.x - left, y});
        list.PushClipRect(at, {at.x + size.x, at.y + size.y}, true);
        draw_lane(context, list, axis_, columns, *row.lane, {at.x, y}, row.height);
        list.PopClipRect();
    }
    list.PushClipRect(at, {at.x + size.x, at.y + size.y}, true);
    draw_wakeups(context, at);
    list.PopClipRect();
    list.PopClipRect();
}

void Timeline::draw_name(Context& context, const Row& row, ImVec2 at) {
    Face face = row.lane->object().kind == trace::Kind::hart ? Face::bold : Face::small;
    float y = at.y + (row.height - context.fonts.height(face)) / 2;
    bool hot = context.selection.hovered == row.lane->object();
    draw_text(*ImGui::GetWindowDrawList(), context.fonts, face, {at.x + context.px(4), y},
              hot ? context.theme.accent : context.theme.text, name_of(context, row.lane->object()),
              context.px(gutter - 12));
}

/// Who woke the selected LWP: an arrow from the lane of the LWP that did it.
void Timeline::draw_wakeups(Context& context, ImVec2 at) {
    constexpr usize most = 200; // more would be a curtain
    if (!context.selection.object || context.selection.object->kind != trace::Kind::lwp)
        return;
    const Row* row = row_of(*context.selection.object);
    if (row == nullptr)
        return;
    const Lane& lane = *row->lane;
    auto [from, to] = lane.spans_within(static_cast<u32>(axis_.events_before(axis_.from())),
                                        static_cast<u32>(axis_.events_before(axis_.to())));
    if (to - from > most)
        return;
    for (usize i = std::max<usize>(from, 1); i < to; i++) {
        auto was = static_cast<trace::LwpState>(lane.class_of(i - 1));
        bool woken = lane.class_of(i) == static_cast<u8>(trace::LwpState::runnable)
                     && (was == trace::LwpState::sleeping || was == trace::LwpState::blocked);
        const Row* waker =
            woken ? row_of(object(context.store.event(lane.start(i)).lwp())) : nullptr;
        if (waker == nullptr || waker == row)
            continue;
        float x = at.x + axis_.x_of(axis_.position(lane.start(i)));
        float y0 = at.y + waker->y - scroll_ + (waker->y < row->y ? waker->height : 0);
        float y1 = at.y + row->y - scroll_ + (waker->y < row->y ? 0 : row->height);
        draw_arrow(*ImGui::GetWindowDrawList(), {x, y0}, {x, y1}, context.theme.text,
                   context.px(1.5f));
    }
}

} // namespace view::timeline
