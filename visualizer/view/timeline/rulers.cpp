// SPDX-License-Identifier: BSD-2-Clause
// The ruler, the cursor with the markers, and the map of the whole run. See timeline.hpp.
#include "view/draw.hpp"
#include "view/timeline/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace view::timeline {
namespace {

/// The smallest 1, 2 or 5 times a power of ten that is at least `least`.
double round_step(double least) {
    double power = std::pow(10.0, std::floor(std::log10(std::max(least, 1.0))));
    for (double factor : {1.0, 2.0, 5.0, 10.0})
        if (power * factor >= least)
            return power * factor;
    return power * 10;
}

/// "12.35 ms" for a ruler whose marks lie `step` ticks apart.
std::string mark_text(double ticks, double step, double timebase) {
    static constexpr struct {
        const char* unit;
        double seconds;
    } units[] = {{"s", 1}, {"ms", 1e-3}, {"µs", 1e-6}, {"ns", 1e-9}};
    double seconds = ticks / timebase, step_seconds = step / timebase;
    for (const auto& unit : units)
        if (seconds >= unit.seconds || unit.seconds == 1e-9) {
            int digits = std::clamp(
                static_cast<int>(std::ceil(-std::log10(step_seconds / unit.seconds) - 1e-9)), 0, 9);
            return fmt::format("{:.{}f} {}", seconds / unit.seconds, digits, unit.unit);
        }
    return "0";
}

} // namespace

void Timeline::draw_ruler(Context& context, ImVec2 at, float height) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    double step = round_step(axis_.per_pixel() * static_cast<double>(context.px(110)));
    double timebase = static_cast<double>(std::max<u64>(1, context.state.timebase));
    for (double mark = std::ceil(axis_.from() / step) * step; mark <= axis_.to(); mark += step) {
        float x = std::floor(at.x + axis_.x_of(mark));
        list.AddLine({x, at.y + context.px(3)}, {x, at.y + height}, theme.line_strong);
        std::string words = axis_.scale() == Scale::events ? fmt::format("{:.0f}", mark)
                            : mark == 0                    ? "0"
                                                           : mark_text(mark, step, timebase);
        draw_text(list, context.fonts, Face::small, {x + context.px(4), at.y + context.px(1)},
                  theme.text_faint, words);
    }
    list.AddLine({at.x, at.y + height - 1}, {at.x + axis_.width(), at.y + height - 1}, theme.line);
    // Dragging along the ruler moves the picture.
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton("ruler", {axis_.width(), height});
    draw_flags(context, at, height, ImGui::IsItemHovered());
    if (ImGui::IsItemActive())
        context.playback.seek(axis_.events_before(axis_.at(ImGui::GetIO().MousePos.x - at.x)));
}

/// A pennant for each moment that nobody shall miss; of those at one place, the alarm is seen.
void Timeline::draw_flags(Context& context, ImVec2 at, float height, bool hovered) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    float w = context.px(11), h = context.px(12), mouse = ImGui::GetIO().MousePos.x;
    const Flag* pointed = nullptr;
    for (bool alarms : {false, true}) {
        float last = -w;
        for (const Flag& flag : lanes_.flags()) {
            float x = std::floor(axis_.x_of(axis_.position(flag.event)));
            bool alarm = flag.kind == FlagKind::alarm;
            if (alarm != alarms || x < 0 || x > axis_.width())
                continue;
            if (std::fabs(mouse - at.x - x - w / 2) <= w)
                pointed = &flag;
            if (x - last < 2)
                continue;
            last = x;
            Colour colour = alarm                              ? theme.bad
                            : flag.kind == FlagKind::verdict   ? theme.good
                            : flag.kind == FlagKind::departure ? theme.warning
                                                               : theme.accent;
            float left = at.x + x, foot = at.y + height;
            list.AddRectFilled({left, foot - h}, {left + 1, foot}, colour);
            list.AddTriangleFilled({left + 1, foot - h}, {left + w, foot - h * 0.65f},
                                   {left + 1, foot - h * 0.3f}, colour);
        }
    }
    if (hovered && pointed != nullptr && pointed->event < context.store.size())
        ImGui::SetTooltip(
            "event %u: %s", pointed->event + 1,
            model::sentence(context.store.event(pointed->event), context.store.names()).c_str());
}

void Timeline::draw_cursor(Context& context, ImVec2 at, float height) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    auto x_of = [&](usize shown) {
        return at.x
               + axis_.x_of(shown == 0 ? 0
                                       : axis_.position(shown - 1)
                                             + (axis_.scale() == Scale::events ? 1 : 0));
    };
    auto line = [&](usize shown, Colour colour, const char* name) {
        float x = std::floor(x_of(shown));
        if (x < at.x || x > at.x + axis_.width())
            return;
        list.AddRectFilled({x - 1, at.y}, {x + 1, at.y + height}, colour);
        float size = context.px(6);
        if (*name == 0) {
            list.AddTriangleFilled({x - size, at.y}, {x + size, at.y}, {x, at.y + size * 1.5f},
                                   colour);
        } else {
            list.AddRectFilled({x, at.y}, {x + context.px(14), at.y + context.px(15)}, colour);
            draw_text(list, context.fonts, Face::small, {x + context.px(3), at.y},
                      on_colour(colour), name);
        }
    };
    for (usize i = 0; i < markers_.size(); i++)
        if (markers_[i] && *markers_[i] <= context.store.size())
            line(*markers_[i], context.theme.text_faint, i == 0 ? "A" : "B");
    line(context.shown, context.playback.in_past() ? context.theme.warning : context.theme.accent,
         "");
}

/// How busy the run was, and which part the lanes show; dragged to move it.
void Timeline::draw_map(Context& context, ImVec2 at, ImVec2 size) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, context.theme.raised, 2);
    if (axis_.scale() == Scale::time) {
        constexpr usize bars = 200;
        double width = static_cast<double>(size.x) / bars, length = axis_.length();
        usize before = 0, most = 1;
        std::array<usize, bars> counts{};
        for (usize i = 0; i < bars; i++) {
            usize until = axis_.events_before(length * static_cast<double>(i + 1) / bars);
            counts[i] = until - before;
            most = std::max(most, counts[i]);
            before = until;
        }
        for (usize i = 0; i < bars; i++) {
            if (counts[i] == 0)
                continue;
            float share = std::sqrt(static_cast<float>(counts[i]) / static_cast<float>(most));
            auto x = static_cast<float>(static_cast<double>(i) * width);
            float top = at.y + size.y * (1 - std::max(0.12f, share));
            list.AddRectFilled({std::floor(at.x + x), top},
                               {std::floor(at.x + x + static_cast<float>(width)), at.y + size.y},
                               context.theme.line_strong);
        }
    }
    double per_pixel = axis_.length() / static_cast<double>(size.x);
    auto x0 = static_cast<float>(axis_.from() / per_pixel),
         x1 = static_cast<float>(axis_.to() / per_pixel);
    list.AddRectFilled({at.x + x0, at.y}, {at.x + std::max(x1, x0 + 2), at.y + size.y},
                       fade(context.theme.accent, 0.25f));
    list.AddRect({at.x + x0, at.y}, {at.x + std::max(x1, x0 + 2), at.y + size.y},
                 context.theme.accent);
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton("map", size);
    if (ImGui::IsItemActive()) {
        double wanted = static_cast<double>(ImGui::GetIO().MousePos.x - at.x) * per_pixel;
        double middle = (axis_.from() + axis_.to()) / 2;
        axis_.pan(static_cast<float>((middle - wanted) / axis_.per_pixel()));
    }
}

} // namespace view::timeline
