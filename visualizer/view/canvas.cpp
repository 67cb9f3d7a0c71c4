// SPDX-License-Identifier: BSD-2-Clause
#include "view/canvas.hpp"

#include "render/blend.hpp"
#include "render/raster.hpp"
#include "view/compat.hpp"

#include <algorithm>

namespace view {

Canvas::Canvas() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset | ImGuiBackendFlags_HasMouseCursors;
    compat::prepare(io);
    set_look(true, 1);
}

Canvas::~Canvas() {
    ImGui::DestroyContext();
}

void Canvas::set_look(bool dark, float scale) {
    theme_ = Theme::make(dark);
    theme_.apply(scale);
    if (fonts_.atlas().coverage == nullptr || fonts_.scale() != scale)
        fonts_.load(scale);
}

void Canvas::begin(int width, int height, float seconds) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(static_cast<float>(width), static_cast<float>(height));
    io.DeltaTime = std::max(seconds, 1e-4f);
    ImGui::NewFrame();
}

void Canvas::end(const render::Surface& target) {
    ImGui::Render();
    render::clear(target, render::surface_colour(theme_.window));
    render::draw(*ImGui::GetDrawData(), fonts_.atlas(), target);
}

} // namespace view
