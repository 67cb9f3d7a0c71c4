// SPDX-License-Identifier: BSD-2-Clause
#include "view/theme.hpp"

#include <cmath>

namespace view {
namespace {

float channel(Colour colour, unsigned shift) {
    return static_cast<float>(colour >> shift & 0xff);
}

ImVec4 vec(Colour colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

void apply_colours(const Theme& theme, ImGuiStyle& style) {
    if (theme.dark)
        ImGui::StyleColorsDark(&style);
    else
        ImGui::StyleColorsLight(&style);
    auto set = [&](ImGuiCol slot, Colour colour) { style.Colors[slot] = vec(colour); };
    set(ImGuiCol_Text, theme.text);
    set(ImGuiCol_TextDisabled, theme.text_faint);
    set(ImGuiCol_WindowBg, theme.window);
    set(ImGuiCol_ChildBg, theme.panel);
    set(ImGuiCol_PopupBg, theme.raised);
    set(ImGuiCol_MenuBarBg, theme.window);
    set(ImGuiCol_Border, theme.line);
    set(ImGuiCol_Separator, theme.line);
    set(ImGuiCol_FrameBg, theme.raised);
    set(ImGuiCol_FrameBgHovered, mix(theme.raised, theme.accent, 0.15f));
    set(ImGuiCol_FrameBgActive, mix(theme.raised, theme.accent, 0.25f));
    set(ImGuiCol_Button, theme.raised);
    set(ImGuiCol_ButtonHovered, mix(theme.raised, theme.accent, 0.25f));
    set(ImGuiCol_ButtonActive, mix(theme.raised, theme.accent, 0.45f));
    set(ImGuiCol_Header, mix(theme.panel, theme.accent, 0.22f));
    set(ImGuiCol_HeaderHovered, mix(theme.panel, theme.accent, 0.30f));
    set(ImGuiCol_HeaderActive, mix(theme.panel, theme.accent, 0.40f));
    set(ImGuiCol_Tab, theme.window);
    set(ImGuiCol_TabActive, theme.panel);
    set(ImGuiCol_TabHovered, mix(theme.panel, theme.accent, 0.30f));
    set(ImGuiCol_TabUnfocused, theme.window);
    set(ImGuiCol_TabUnfocusedActive, theme.panel);
    set(ImGuiCol_CheckMark, theme.accent);
    set(ImGuiCol_SliderGrab, theme.accent);
    set(ImGuiCol_SliderGrabActive, theme.accent);
    set(ImGuiCol_ScrollbarBg, theme.panel);
    set(ImGuiCol_ScrollbarGrab, theme.line_strong);
    set(ImGuiCol_TextSelectedBg, fade(theme.accent, 0.4f));
    set(ImGuiCol_PlotHistogram, theme.accent);
    set(ImGuiCol_TableRowBg, fade(theme.text, 0));
    set(ImGuiCol_TableRowBgAlt, fade(theme.text, 0.04f));
}

} // namespace

Colour mix(Colour a, Colour b, float share) {
    auto one = [&](unsigned shift) {
        float value = channel(a, shift) * (1 - share) + channel(b, shift) * share;
        return static_cast<Colour>(std::lround(value)) << shift;
    };
    return one(0) | one(8) | one(16) | one(24);
}

Theme Theme::make(bool dark) {
    Theme t{};
    t.dark = dark;
    t.window = dark ? rgb(0x14181b) : rgb(0xe9ebe8);
    t.panel = dark ? rgb(0x1b2024) : rgb(0xfbfbf9);
    t.raised = dark ? rgb(0x272e33) : rgb(0xffffff);
    t.line = dark ? rgb(0x363f45) : rgb(0xcfd3d0);
    t.line_strong = dark ? rgb(0x5d6970) : rgb(0x8b938f);
    t.text = dark ? rgb(0xeceff0) : rgb(0x16191b);
    t.text_faint = dark ? rgb(0x9aa6ac) : rgb(0x5a6367);
    t.accent = dark ? rgb(0x6cb6ff) : rgb(0x0b62b8);
    t.accent_text = dark ? rgb(0x0b1116) : rgb(0xffffff);
    t.good = dark ? rgb(0x4fc79a) : rgb(0x00704f);
    t.bad = dark ? rgb(0xff8a5c) : rgb(0xb43c00);
    t.warning = dark ? rgb(0xf0e442) : rgb(0x7a5d00);
    t.past = dark ? rgb(0x4a3a12) : rgb(0xffe9b0);
    return t;
}

void Theme::apply(float scale) const {
    ImGuiStyle style; // fresh: ScaleAllSizes accumulates
    style.WindowRounding = 0;
    style.ChildRounding = 0; // large and round is dear: a fan of long triangles
    style.FrameRounding = 4;
    style.PopupRounding = 4;
    style.ScrollbarRounding = 4;
    style.ScrollbarSize = 12;
    style.FramePadding = ImVec2(8, 4);
    style.ItemSpacing = ImVec2(8, 5);
    style.WindowPadding = ImVec2(8, 8);
    style.FrameBorderSize = dark ? 0.0f : 1.0f;
    style.AntiAliasedLinesUseTex = false;
    apply_colours(*this, style);
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

Colour state_colour(trace::LwpState state) {
    switch (state) {
    case trace::LwpState::running:
        return rgb(0x009e73);
    case trace::LwpState::runnable:
        return rgb(0xf0e442);
    case trace::LwpState::blocked:
        return rgb(0xd55e00);
    case trace::LwpState::sleeping:
        return rgb(0x56b4e9);
    case trace::LwpState::pinned:
        return rgb(0xcc79a7);
    case trace::LwpState::idle:
    case trace::LwpState::zombie:
        break;
    }
    return rgb(0x808080);
}

Colour on_colour(Colour ground) {
    auto linear = [&](unsigned shift) { // gamma 2 is near enough to choose between two
        float share = channel(ground, shift) / 255;
        return share * share;
    };
    float luminance = 0.2126f * linear(0) + 0.7152f * linear(8) + 0.0722f * linear(16);
    return luminance > 0.2f ? rgb(0x101214) : rgb(0xffffff);
}

Colour kind_colour(trace::LwpKind kind) {
    switch (kind) {
    case trace::LwpKind::interrupt:
        return rgb(0x0072b2);
    case trace::LwpKind::softint:
        return rgb(0xe69f00);
    case trace::LwpKind::idle:
        return rgb(0x666666);
    case trace::LwpKind::kernel:
    case trace::LwpKind::user:
        break;
    }
    return rgb(0x009e73);
}

} // namespace view
