// SPDX-License-Identifier: BSD-2-Clause
#include "view/console.hpp"

#include <imgui_stdlib.h>

namespace view {

void Console::find_lines(const std::string& text) {
    if (text.size() < seen_) { // a new run
        line_starts_ = {0};
        seen_ = 0;
    }
    for (; seen_ < text.size(); seen_++)
        if (text[seen_] == '\n')
            line_starts_.push_back(seen_ + 1);
}

void Console::draw(Context& context) {
    const std::string& text = context.source.console();
    usize before = seen_;
    find_lines(text);
    float input_height = ImGui::GetFrameHeightWithSpacing();
    ImGui::BeginChild("output", ImVec2(0, -input_height), false,
                      ImGuiWindowFlags_HorizontalScrollbar);
    ImGui::PushFont(context.fonts[Face::mono]);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(line_starts_.size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; i++) {
            auto at = static_cast<usize>(i);
            usize end = at + 1 < line_starts_.size() ? line_starts_[at + 1] - 1 : text.size();
            while (end > line_starts_[at] && text[end - 1] == '\r')
                end--;
            ImGui::TextUnformatted(text.data() + line_starts_[at], text.data() + end);
        }
    ImGui::PopFont();
    if (text.empty())
        ImGui::TextDisabled(context.source.has_machine()
                                ? "The kernel has written nothing yet."
                                : "A recording has no console: its events are all there is.");
    if (seen_ != before)
        ImGui::SetScrollHereY(1);
    ImGui::EndChild();
    ImGui::BeginDisabled(!context.source.has_machine());
    ImGui::SetNextItemWidth(-1);
    if (refocus_)
        ImGui::SetKeyboardFocusHere();
    refocus_ = false;
    if (ImGui::InputTextWithHint(
            "##type", "type to the kernel: ps, runq, sleepq, turnstile, callouts, intr, help",
            &input_, ImGuiInputTextFlags_EnterReturnsTrue)) {
        context.source.type(input_ + "\r");
        input_.clear();
        refocus_ = true;
    }
    ImGui::EndDisabled();
}

} // namespace view
