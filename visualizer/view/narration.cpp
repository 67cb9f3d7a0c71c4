// SPDX-License-Identifier: BSD-2-Clause
#include "view/narration.hpp"

#include "view/draw.hpp"

#include <fmt/format.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>

namespace view {
namespace {

constexpr usize slice = 2000; // events between looks at the clock
constexpr std::chrono::milliseconds budget{4};

bool contains(const std::string& text, const std::string& words) {
    auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a))
               == std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), words.begin(), words.end(), same) != text.end();
}

} // namespace

void Narration::draw(Context& context) {
    draw_filter(context);
    advance_filter(context);
    draw_list(context);
}

void Narration::draw_filter(Context& context) {
    ImGui::SetNextItemWidth(context.px(150));
    ImGui::InputTextWithHint("##words", "find words", &filter_.words);
    ImGui::SameLine();
    if (ImGui::Button("Events"))
        ImGui::OpenPopup("groups");
    if (ImGui::BeginPopup("groups")) {
        for (u8 group = 0; group <= static_cast<u8>(trace::Group::spl); group++) {
            u32 bit = 1u << group;
            bool on = (filter_.groups & bit) != 0;
            if (ImGui::Checkbox(group_name(static_cast<trace::Group>(group)), &on))
                filter_.groups ^= bit;
        }
        ImGui::EndPopup();
    }
    ImGui::SameLine();
    ImGui::Checkbox("Selected only", &filter_.selected_only);
    filter_.object = filter_.selected_only ? context.selection.object : std::nullopt;
    if (looked_at_ < context.store.size()) {
        ImGui::SameLine();
        ImGui::TextDisabled("searching %.0f %%", 100.0 * static_cast<double>(looked_at_)
                                                     / static_cast<double>(context.store.size()));
    }
}

bool Narration::passes(Context& context, usize index) const {
    u16 id = context.store.id(index);
    // What a checker reported is told even to those who do not want to hear of the trace itself.
    bool alarm = id == trace::id_of<trace::Report> || id == trace::id_of<trace::Panic>;
    if (!alarm && (applied_.groups & trace::group_bit(group_of(id))) == 0)
        return false;
    if (!applied_.selected_only && applied_.words.empty())
        return true;
    model::Event event = context.store.event(index);
    if (applied_.selected_only && (!applied_.object || !mentions(event, *applied_.object)))
        return false;
    return applied_.words.empty()
           || contains(model::sentence(event, context.store.names()), applied_.words);
}

void Narration::advance_filter(Context& context) {
    if (!(filter_ == applied_) || store_ != &context.store || looked_at_ > context.store.size()) {
        applied_ = filter_;
        store_ = &context.store;
        matches_.clear();
        looked_at_ = 0;
        last_shown_ = ~usize{0};
    }
    auto end = std::chrono::steady_clock::now() + budget;
    while (looked_at_ < context.store.size() && std::chrono::steady_clock::now() < end) {
        usize until = std::min(context.store.size(), looked_at_ + slice);
        for (; looked_at_ < until; looked_at_++)
            if (passes(context, looked_at_))
                matches_.push_back(static_cast<u32>(looked_at_));
    }
    context.animate = context.animate || looked_at_ < context.store.size();
}

void Narration::draw_list(Context& context) {
    ImGui::BeginChild("sentences", ImVec2(0, 0), false);
    auto now = std::lower_bound(matches_.begin(), matches_.end(), context.shown);
    auto current = static_cast<int>(now - matches_.begin()) - 1; // the last one that has happened
    float row = ImGui::GetTextLineHeightWithSpacing();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(matches_.size()), row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; i++)
            draw_row(context, matches_[static_cast<usize>(i)]);
    if (context.shown != last_shown_ || ImGui::IsWindowAppearing())
        frames_to_scroll_ = 2; // the list's height is known one frame late
    if (frames_to_scroll_ > 0) {
        frames_to_scroll_--;
        float wanted = static_cast<float>(current + 1) * row - ImGui::GetWindowHeight() * 0.75f;
        ImGui::SetScrollY(std::max(0.0f, wanted));
        last_shown_ = context.shown;
        context.animate = true;
    }
    if (matches_.empty())
        ImGui::TextDisabled(context.store.empty() ? "No event yet."
                                                  : "No event passes the filter.");
    ImGui::EndChild();
}

void Narration::draw_row(Context& context, usize index) {
    model::Event event = context.store.event(index);
    bool current = index + 1 == context.shown, future = index >= context.shown;
    ImGui::PushID(static_cast<int>(index));
    ImVec2 at = ImGui::GetCursorScreenPos();
    float row = ImGui::GetTextLineHeightWithSpacing();
    if (current) {
        float right = at.x + ImGui::GetContentRegionAvail().x;
        ImGui::GetWindowDrawList()->AddRectFilled({at.x - context.px(4), at.y - context.px(2)},
                                                  {right, at.y + row - context.px(2)},
                                                  fade(context.theme.accent, 0.22f), context.px(3));
    }
    ImGui::PushFont(context.fonts[Face::small]);
    std::string place = fmt::format("{} · {}", index + 1, context.time_text(event.time()));
    float width = context.px(132);
    ImGui::InvisibleButton(place.c_str(), ImVec2(width, row - ImGui::GetStyle().ItemSpacing.y));
    if (ImGui::IsItemClicked())
        context.playback.seek(index + 1);
    bool hovered = ImGui::IsItemHovered();
    draw_text(*ImGui::GetWindowDrawList(), context.fonts, Face::small, {at.x, at.y + context.px(2)},
              hovered ? context.theme.accent : context.theme.text_faint, place,
              width - context.px(6));
    ImGui::PopFont();
    if (hovered)
        ImGui::SetTooltip("Show the machine right after this event");
    ImGui::SameLine(0, 0);
    if (future)
        ImGui::PushStyleVar(ImGuiStyleVar_Alpha, 0.6f);
    ImVec2 from = ImGui::GetCursorScreenPos();
    float room = ImGui::GetContentRegionAvail().x;
    draw_sentence(context, event);
    if (future)
        ImGui::PopStyleVar();
    if (ImGui::GetItemRectMax().x > from.x + room)
        draw_cut(context, event, {from.x + room, from.y});
    ImGui::PopID();
}

/// A sentence that does not fit: an ellipsis at its right end, the whole of it under the pointer.
void Narration::draw_cut(Context& context, const model::Event& event, ImVec2 end) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float height = ImGui::GetTextLineHeight(), width = ImGui::CalcTextSize("…").x;
    list.AddRectFilled({end.x - width - context.px(4), end.y},
                       {end.x + context.px(4), end.y + height}, context.theme.panel);
    list.AddText({std::floor(end.x - width), std::floor(end.y)}, context.theme.text_faint, "…");
    ImVec2 left(ImGui::GetWindowPos().x, end.y);
    if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(left, {end.x, end.y + height}))
        return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(context.px(480));
    ImGui::TextUnformatted(model::sentence(event, context.store.names()).c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

} // namespace view
