// SPDX-License-Identifier: BSD-2-Clause
#include "view/walk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view {
namespace {

enum class Until : u8 { next, stepped, went_back, selected };

struct Step {
    const char* title;
    const char* words;
    Until until;
};

constexpr Step steps[] = {
    {"The picture is the machine",
     "Each column is a hart. The card on top is the LWP on the CPU; cards set in beneath it are "
     "LWPs that an "
     "interrupt has pinned; below is the run queue, most urgent first. Whoever waits is on the "
     "right.",
     Until::next},
    {"Let one thing happen",
     "Press the right arrow key (or \"event ▶\"). One event happens in the machine, which then "
     "stands still. "
     "Its sentence is beneath the picture; whoever took part is framed.",
     Until::stepped},
    {"Go to an interrupt",
     "Press i. The machine runs until a device interrupts: its handler is a thread too, an "
     "interrupt LWP, and "
     "borrows the context of the LWP that it interrupts.",
     Until::stepped},
    {"Go back",
     "Press the left arrow key. The picture shows the past; the machine waits where it was. End "
     "brings you back.",
     Until::went_back},
    {"Ask who somebody is",
     "Click a card, a lamp or a name in the narration. The inspector tells all that is known of "
     "it, and what "
     "happened to it.",
     Until::selected},
    {"Now let it run",
     "Space runs and pauses; - and + change the speed; ? lists all keys. F1 starts this walk "
     "again.",
     Until::next},
};

bool done(const Context& context, Until until, usize shown_at_start) {
    switch (until) {
    case Until::next:
        return false;
    case Until::stepped:
        return context.shown > shown_at_start;
    case Until::went_back:
        return context.shown < shown_at_start;
    case Until::selected:
        return context.selection.object.has_value();
    }
    return false;
}

} // namespace

void Walk::draw(Context& context) {
    if (settings_.walk_done || !context.source.has_machine())
        return;
    const Step& step = steps[std::min(step_, std::size(steps) - 1)];
    ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({size.x - context.px(24), context.px(110)}, ImGuiCond_Always, {1, 0});
    ImGui::SetNextWindowSize({context.px(400), 0});
    ImGui::PushStyleColor(ImGuiCol_Border, context.theme.accent);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, context.px(6));
    ImGui::Begin("Walk", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove
                     | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav
                     | ImGuiWindowFlags_NoFocusOnAppearing);
    ImGui::PushFont(context.fonts[Face::title]);
    ImGui::TextWrapped("%s", step.title);
    ImGui::PopFont();
    ImGui::TextWrapped("%s", step.words);
    ImGui::Spacing();
    ImGui::TextDisabled("%zu of %zu", step_ + 1, std::size(steps));
    ImGui::SameLine();
    bool last = step_ + 1 == std::size(steps);
    bool next = ImGui::Button(last ? "Done" : "Next") || done(context, step.until, shown_at_start_);
    if (!last) {
        ImGui::SameLine();
        if (ImGui::Button("Close"))
            settings_.walk_done = true;
    }
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    if (!next)
        return;
    settings_.walk_done = last;
    step_++;
    shown_at_start_ = context.shown;
    context.animate = true;
}

} // namespace view
