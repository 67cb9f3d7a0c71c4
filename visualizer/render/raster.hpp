// SPDX-License-Identifier: BSD-2-Clause
// A software rasteriser for Dear ImGui's draw lists.
//
// Nearly all that ImGui draws is an axis-parallel rectangle of one colour or a glyph that lies on
// whole pixels. Both come as two triangles that share a diagonal; they are recognised and become a
// row fill and a 1:1 copy through an alpha mask. What is left (curves, round corners, soft edges)
// is a triangle with a colour at each corner, filled row by row in 28.4 fixed point: the span of a
// row follows from three integer divisions, the colour from integer gradients. There is no
// floating point after the vertices are rounded.
//
// Rules
//   - One texture: the font atlas as 8-bit coverage, which also holds ImGui's white pixel.
//   - ImGuiStyle::AntiAliasedLinesUseTex must be off (lines are triangles here, not textures).
// Invariants
//   (1) The same draw data gives the same pixels with every compiler and at every optimisation
//       level: only integer arithmetic decides.
//   (2) Adjacent rectangles and triangles tile: no pixel twice, none left out (pixel centres,
//       top-left rule).
// Why not OpenGL? On a machine without a GPU (a student's VM) it is four times slower and its
// pixels change with the driver's version.
// Read next: blend.hpp
#pragma once

#include "render/image.hpp"

struct ImDrawData;

namespace render {

/// The font atlas: coverage 0 … 255.
struct Atlas {
    const u8* coverage = nullptr;
    int width = 0, height = 0;
};

/// Fills a surface with one colour, 0x00RRGGBB.
void clear(const Surface& target, u32 colour);

/// Draws over what the surface already shows.
void draw(const ImDrawData& data, const Atlas& atlas, const Surface& target);

} // namespace render
