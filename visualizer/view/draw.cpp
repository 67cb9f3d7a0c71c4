// SPDX-License-Identifier: BSD-2-Clause
#include "view/draw.hpp"

#include <cmath>

namespace view {
namespace {

/// The longest beginning that leaves room for the ellipsis.
usize fitting(ImFont* font, const std::string& text, float width) {
    const char* begin = text.data();
    const char* rest = begin;
    font->CalcTextSizeA(font->FontSize, width, 0, begin, begin + text.size(), &rest);
    return static_cast<usize>(rest - begin);
}

} // namespace

float draw_text(ImDrawList& list, const Fonts& fonts, Face face, ImVec2 at, Colour colour,
                const std::string& text, float width) {
    ImFont* font = fonts[face];
    ImVec2 whole(std::floor(at.x), std::floor(at.y));
    float needed = fonts.measure(face, text).x;
    if (width <= 0 || needed <= width) {
        list.AddText(font, font->FontSize, whole, colour, text.data(), text.data() + text.size());
        return needed;
    }
    static const std::string dots = "…";
    float room = width - fonts.measure(face, dots).x;
    if (room <= 0)
        return 0;
    std::string cut = text.substr(0, fitting(font, text, room)) + dots;
    list.AddText(font, font->FontSize, whole, colour, cut.data(), cut.data() + cut.size());
    return fonts.measure(face, cut).x;
}

void draw_wrapped(ImDrawList& list, const Fonts& fonts, Face face, ImVec2 at, Colour colour,
                  const std::string& text, float width) {
    ImFont* font = fonts[face];
    list.AddText(font, font->FontSize, {std::floor(at.x), std::floor(at.y)}, colour, text.data(),
                 text.data() + text.size(), width);
}

void draw_arrow(ImDrawList& list, ImVec2 a, ImVec2 b, Colour colour, float thickness) {
    float dx = b.x - a.x, dy = b.y - a.y;
    float length = std::sqrt(dx * dx + dy * dy);
    if (length < 1)
        return;
    dx /= length;
    dy /= length;
    float head = thickness * 3.5f;
    ImVec2 neck(b.x - dx * head, b.y - dy * head);
    list.AddLine(a, neck, colour, thickness);
    list.AddTriangleFilled(b, ImVec2(neck.x - dy * head * 0.6f, neck.y + dx * head * 0.6f),
                           ImVec2(neck.x + dy * head * 0.6f, neck.y - dx * head * 0.6f), colour);
}

void draw_link(Context& context, const Object& object, const std::string& text) {
    bool selected = context.selection.is(object);
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImVec2 size = ImGui::CalcTextSize(text.c_str());
    ImGui::PushID(static_cast<int>(object.kind));
    ImGui::PushID(static_cast<int>(object.id));
    if (ImGui::InvisibleButton(text.empty() ? "?" : text.c_str(),
                               ImVec2(std::max(1.0f, size.x), size.y)))
        context.selection.object = object;
    bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImGui::PopID();
    if (hovered) {
        context.selection.hovered = object;
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    Colour colour = context.theme.accent;
    if (selected)
        list.AddRectFilled(at, ImVec2(at.x + size.x, at.y + size.y), fade(colour, 0.25f), 2);
    list.AddText(ImVec2(std::floor(at.x), std::floor(at.y)), colour, text.c_str());
    if (hovered)
        list.AddLine(ImVec2(at.x, at.y + size.y), ImVec2(at.x + size.x, at.y + size.y), colour);
}

void draw_sentence(Context& context, const model::Event& event) {
    int number = 0;
    for (const model::Piece& piece : model::narrate(event, context.store.names())) {
        if (number != 0)
            ImGui::SameLine(0, 0);
        ImGui::PushID(number++);
        if (piece.is_link)
            draw_link(context, {piece.kind, piece.id}, piece.text);
        else
            ImGui::TextUnformatted(piece.text.c_str());
        ImGui::PopID();
    }
    if (number == 0)
        ImGui::TextUnformatted(event_name(event.id()));
}

std::string name_of(const Context& context, const Object& object) {
    return context.store.names().of(object.kind, object.id);
}

const char* kind_name(trace::Kind kind) {
    static constexpr const char* names[] = {"LWP",         "hart",    "interrupt line", "lock",
                                            "sleep queue", "callout", "softint",        "text",
                                            "parameter",   "level",   "priority band"};
    auto at = static_cast<usize>(kind);
    return at < std::size(names) ? names[at] : "object";
}

const char* state_name(trace::LwpState state) {
    static constexpr const char* names[] = {"at rest",  "runnable", "running", "pinned",
                                            "sleeping", "blocked",  "exited"};
    auto at = static_cast<usize>(state);
    return at < std::size(names) ? names[at] : "unknown";
}

float draw_splitter(Context& context, const char* id, ImVec2 at, ImVec2 size, bool vertical) {
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton(id, size);
    bool active = ImGui::IsItemActive();
    if (active || ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(vertical ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
        ImGui::GetWindowDrawList()->AddRectFilled(at, ImVec2(at.x + size.x, at.y + size.y),
                                                  fade(context.theme.accent, active ? 0.8f : 0.4f));
    }
    if (!active)
        return 0;
    return vertical ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
}

} // namespace view
