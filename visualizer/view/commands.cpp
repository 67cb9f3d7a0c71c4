// SPDX-License-Identifier: BSD-2-Clause
#include "view/commands.hpp"

#include <imgui.h>

#include <algorithm>

namespace view {
namespace {

std::string key_name(int key) {
    static constexpr const char* names[] = {"Left",   "Right",    "Up",  "Down", "Home", "End",
                                            "PageUp", "PageDown", "Esc", "F1",   "F5",   "F11"};
    if (key >= key_left)
        return names[key - key_left];
    if (key == ' ')
        return "Space";
    if (key >= 'a' && key <= 'z')
        key -= 'a' - 'A';
    return std::string(1, static_cast<char>(key));
}

std::string chord_names(const Command& command) {
    std::string text;
    for (const Chord& chord : command.chords)
        text += (text.empty() ? "" : " or ") + chord.name();
    return text;
}

} // namespace

std::string Chord::name() const {
    std::string text;
    if (ctrl)
        text += "Ctrl+";
    if (alt)
        text += "Alt+";
    if (shift)
        text += "Shift+";
    return text + key_name(key);
}

const Command* Commands::find(std::string_view id) const {
    auto at = std::find_if(commands_.begin(), commands_.end(),
                           [&](const Command& command) { return id == command.id; });
    return at == commands_.end() ? nullptr : &*at;
}

bool Commands::press(const Chord& chord) const {
    for (const Command& command : commands_) {
        if (std::find(command.chords.begin(), command.chords.end(), chord) == command.chords.end())
            continue;
        if (command.enabled())
            command.run();
        return true;
    }
    return false;
}

bool Commands::run(std::string_view id) const {
    const Command* command = find(id);
    if (command == nullptr || !command->enabled())
        return false;
    command->run();
    return true;
}

void Commands::draw_menus() const {
    std::vector<std::string_view> done;
    for (const Command& first : commands_) {
        if (std::find(done.begin(), done.end(), first.menu) != done.end())
            continue;
        done.emplace_back(first.menu);
        if (!ImGui::BeginMenu(first.menu))
            continue;
        for (const Command& command : commands_) {
            if (std::string_view(command.menu) != first.menu)
                continue;
            std::string keys = command.chords.empty() ? "" : command.chords.front().name();
            if (ImGui::MenuItem(command.title, keys.c_str(), command.checked(), command.enabled()))
                command.run();
        }
        ImGui::EndMenu();
    }
}

bool Commands::draw_button(std::string_view id, const char* label) const {
    const Command* command = find(id);
    if (command == nullptr)
        return false;
    ImGui::BeginDisabled(!command->enabled());
    bool pressed = ImGui::Button(label);
    ImGui::EndDisabled();
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
        std::string keys = chord_names(*command);
        ImGui::SetTooltip("%s%s%s%s", command->title, keys.empty() ? "" : " (", keys.c_str(),
                          keys.empty() ? "" : ")");
    }
    if (pressed)
        command->run();
    return pressed;
}

void Commands::draw_sheet() const {
    if (!ImGui::BeginTable("keys", 2, ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit))
        return;
    const char* menu = "";
    for (const Command& command : commands_) {
        if (command.chords.empty())
            continue;
        if (std::string_view(menu) != command.menu) {
            menu = command.menu;
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            ImGui::TextDisabled("%s", menu);
            ImGui::TableNextColumn();
        }
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(chord_names(command).c_str());
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(command.title);
    }
    ImGui::EndTable();
}

} // namespace view
