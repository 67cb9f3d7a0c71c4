// SPDX-License-Identifier: BSD-2-Clause
#include "view/inspector.hpp"

#include "view/draw.hpp"
#include "view/facts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view {
namespace {

constexpr usize history_length = 60;
constexpr usize history_reach = 200'000; // events to look back at most: a few milliseconds

} // namespace

void Inspector::draw(Context& context) {
    if (!context.selection.object) {
        ImGui::TextWrapped(
            "Click a card, a lamp or a name in the narration to see all that is known of it.");
        return;
    }
    Object object = *context.selection.object;
    ImGui::PushFont(context.fonts[Face::title]);
    ImGui::TextUnformatted(name_of(context, object).c_str());
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextDisabled("%s %u", kind_name(object.kind), object.id);
    if (ImGui::BeginTable("facts", 2, ImGuiTableFlags_SizingFixedFit)) {
        ImGui::TableSetupColumn("what", ImGuiTableColumnFlags_WidthFixed, context.px(110));
        ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
        draw_facts(context, object);
        ImGui::EndTable();
    }
    draw_history(context);
}

void Inspector::draw_history(Context& context) {
    Object object = *context.selection.object;
    if (history_of_ != object || history_until_ != context.shown) {
        history_.clear();
        usize stop = context.shown > history_reach ? context.shown - history_reach : 0;
        for (usize i = context.shown; i > stop && history_.size() < history_length; i--)
            if (mentions(context.store.event(i - 1), object))
                history_.push_back(static_cast<u32>(i - 1));
        history_of_ = object;
        history_until_ = context.shown;
    }
    ImGui::Spacing();
    ImGui::TextDisabled("What happened to it, newest first");
    ImGui::BeginChild("history", ImVec2(0, 0), false);
    for (u32 index : history_) {
        if (index >= context.store.size())
            continue;
        ImGui::PushID(static_cast<int>(index));
        model::Event event = context.store.event(index);
        std::string time = context.time_text(event.time());
        if (ImGui::SmallButton(fmt::format("{}", index + 1).c_str()))
            context.playback.seek(index + 1);
        if (ImGui::IsItemHovered())
            ImGui::SetTooltip("%s: show the machine right after this event", time.c_str());
        ImGui::SameLine();
        draw_sentence(context, event);
        ImGui::PopID();
    }
    if (history_.empty())
        ImGui::TextDisabled("no event has spoken of it so far");
    ImGui::EndChild();
}

} // namespace view
