// SPDX-License-Identifier: BSD-2-Clause
#include "probe.hpp"

#include <imgui_internal.h>

#include <cstring>
#include <unordered_map>

namespace view_test {
namespace {

Seen frame;
std::unordered_map<ImGuiID, std::string> labels;

std::string shown_part(const char* label, const char* end) {
    std::string whole = end != nullptr ? std::string(label, end) : std::string(label);
    if (std::size_t at = whole.find("###"); at != std::string::npos)
        return whole.substr(at + 3);
    std::string shown = whole.substr(0, whole.find("##"));
    return shown.empty() && !whole.empty() ? whole.substr(2) : shown;
}

} // namespace

void forget() {
    frame = {};
    labels.clear();
}

const Seen& seen() {
    return frame;
}

} // namespace view_test

using view_test::frame;
using view_test::labels;

extern "C" {

bool __real__ZN5ImGui7ItemAddERK6ImRectjPS1_i(const ImRect&, ImGuiID, const ImRect*, int);
bool __wrap__ZN5ImGui7ItemAddERK6ImRectjPS1_i(const ImRect& box, ImGuiID id, const ImRect* nav,
                                              int flags) {
    ImGuiWindow* window = ImGui::GetCurrentWindowRead();
    auto label = labels.find(id);
    if (id != 0 && label != labels.end())
        frame.items.push_back({id, label->second, window->Name, box.Min, box.Max,
                               window->ClipRect.Min, window->ClipRect.Max});
    return __real__ZN5ImGui7ItemAddERK6ImRectjPS1_i(box, id, nav, flags);
}

ImGuiID __real__ZN11ImGuiWindow5GetIDEPKcS1_(ImGuiWindow*, const char*, const char*);
ImGuiID __wrap__ZN11ImGuiWindow5GetIDEPKcS1_(ImGuiWindow* window, const char* label,
                                             const char* end) {
    ImGuiID id = __real__ZN11ImGuiWindow5GetIDEPKcS1_(window, label, end);
    labels[id] = view_test::shown_part(label, end);
    return id;
}

void __real__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(ImDrawList*, const ImVec2&, ImU32, const char*,
                                                     const char*);
void __wrap__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(ImDrawList* list, const ImVec2& at,
                                                     ImU32 colour, const char* text,
                                                     const char* end) {
    frame.texts.push_back({end != nullptr ? std::string(text, end) : std::string(text), at});
    __real__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(list, at, colour, text, end);
}

void __real__ZN10ImDrawList7AddTextEPK6ImFontfRK6ImVec2jPKcS7_fPK6ImVec4(ImDrawList*, const ImFont*,
                                                                         float, const ImVec2&,
                                                                         ImU32, const char*,
                                                                         const char*, float,
                                                                         const ImVec4*);
void __wrap__ZN10ImDrawList7AddTextEPK6ImFontfRK6ImVec2jPKcS7_fPK6ImVec4(
    ImDrawList* list, const ImFont* font, float size, const ImVec2& at, ImU32 colour,
    const char* text, const char* end, float wrap, const ImVec4* clip) {
    frame.texts.push_back({end != nullptr ? std::string(text, end) : std::string(text), at});
    __real__ZN10ImDrawList7AddTextEPK6ImFontfRK6ImVec2jPKcS7_fPK6ImVec4(
        list, font, size, at, colour, text, end, wrap, clip);
}
}
