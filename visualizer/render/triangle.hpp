// SPDX-License-Identifier: BSD-2-Clause
// A triangle with a colour at each corner, in fixed point. See raster.hpp for the theory.
#pragma once

#include "render/image.hpp"

namespace render {

/// Pixels left <= x < right, top <= y < bottom.
struct Box {
    int left = 0, top = 0, right = 0, bottom = 0;
};

/// Position in sixteenths of a pixel; colour as ImGui packs it, 0xAABBGGRR.
struct Corner {
    int x, y;
    u32 colour;
};

/// Blends the triangle over the target, within the clip box. Either orientation.
void fill_triangle(const Surface& target, const Box& clip, Corner a, Corner b, Corner c);

} // namespace render
