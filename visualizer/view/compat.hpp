// SPDX-License-Identifier: BSD-2-Clause
// Where Dear ImGui 1.86 (Debian 12) and later ones (1.90 in Debian 13 and Ubuntu 24.04) differ.
//
// Input: up to 1.86 a program writes keys, buttons and positions into ImGuiIO; from 1.87 on it
// adds events. Views themselves use only what both have.
#pragma once

#include <imgui.h>

namespace view::compat {

/// The keys that ImGui's own widgets (text fields, lists) understand and we pass on.
constexpr ImGuiKey editing_keys[] = {
    ImGuiKey_Tab,    ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
    ImGuiKey_PageUp, ImGuiKey_PageDown,  ImGuiKey_Home,       ImGuiKey_End,     ImGuiKey_Insert,
    ImGuiKey_Delete, ImGuiKey_Backspace, ImGuiKey_Space,      ImGuiKey_Enter,   ImGuiKey_Escape,
    ImGuiKey_A,      ImGuiKey_C,         ImGuiKey_V,          ImGuiKey_X,       ImGuiKey_Y,
    ImGuiKey_Z};

#if IMGUI_VERSION_NUM < 18700
inline void prepare(ImGuiIO& io) {
    for (ImGuiKey key : editing_keys)
        io.KeyMap[key] = key; // our key numbers are ImGui's own
}
inline void key(ImGuiIO& io, ImGuiKey key, bool down) {
    io.KeysDown[key] = down;
}
inline void modifiers(ImGuiIO& io, bool ctrl, bool shift, bool alt) {
    io.KeyCtrl = ctrl;
    io.KeyShift = shift;
    io.KeyAlt = alt;
}
inline void mouse_position(ImGuiIO& io, float x, float y) {
    io.MousePos = ImVec2(x, y);
}
inline void mouse_button(ImGuiIO& io, int button, bool down) {
    io.MouseDown[button] = down;
}
inline void mouse_wheel(ImGuiIO& io, float x, float y) {
    io.MouseWheelH += x;
    io.MouseWheel += y;
}
#else
inline void prepare(ImGuiIO&) {}
inline void key(ImGuiIO& io, ImGuiKey key, bool down) {
    io.AddKeyEvent(key, down);
}
inline void modifiers(ImGuiIO& io, bool ctrl, bool shift, bool alt) {
    io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
    io.AddKeyEvent(ImGuiMod_Shift, shift);
    io.AddKeyEvent(ImGuiMod_Alt, alt);
}
inline void mouse_position(ImGuiIO& io, float x, float y) {
    io.AddMousePosEvent(x, y);
}
inline void mouse_button(ImGuiIO& io, int button, bool down) {
    io.AddMouseButtonEvent(button, down);
}
inline void mouse_wheel(ImGuiIO& io, float x, float y) {
    io.AddMouseWheelEvent(x, y);
}
#endif

} // namespace view::compat
