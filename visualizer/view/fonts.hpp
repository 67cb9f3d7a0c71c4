// SPDX-License-Identifier: BSD-2-Clause
// The faces of DejaVu Sans that the window uses, each baked at its own size, so that every glyph
// lies on whole pixels and is copied 1:1 by the rasteriser.
//
// Rules
//   - Draw each face at its own size only; another size would be scaled and blurred.
//   - load() builds the atlas anew (some milliseconds): on start and when the scale changes.
#pragma once

#include "render/raster.hpp"

#include <imgui.h>

#include <array>
#include <string>

namespace view {

enum class Face : u8 { tiny, small, body, bold, title, caption, mono, count };

class Fonts {
public:
    /// Fills the atlas of the current ImGui context. `scale` 0.75 … 3. Without the DejaVu files
    /// ImGui's built-in font stands in; warning() then says which package is missing.
    void load(float scale);

    [[nodiscard]] ImFont* operator[](Face face) const { return faces_[static_cast<usize>(face)]; }
    [[nodiscard]] float height(Face face) const { return (*this)[face]->FontSize; }
    [[nodiscard]] ImVec2 measure(Face face, const char* from, const char* to = nullptr) const;
    [[nodiscard]] ImVec2 measure(Face face, const std::string& text) const {
        return measure(face, text.data(), text.data() + text.size());
    }
    [[nodiscard]] const render::Atlas& atlas() const { return atlas_; }
    [[nodiscard]] float scale() const { return scale_; }
    [[nodiscard]] const std::string& warning() const { return warning_; }

private:
    std::array<ImFont*, static_cast<usize>(Face::count)> faces_{};
    render::Atlas atlas_;
    float scale_ = 1;
    std::string warning_;
};

} // namespace view
