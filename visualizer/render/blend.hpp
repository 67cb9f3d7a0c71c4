// SPDX-License-Identifier: BSD-2-Clause
// One pixel over another, in integers that round the same way everywhere.
#pragma once

#include "lib/types.hpp"

namespace render {

/// ImGui packs colours as 0xAABBGGRR; surfaces want 0x00RRGGBB.
constexpr u32 surface_colour(u32 imgui_colour) {
    return (imgui_colour & 0xff) << 16 | (imgui_colour & 0xff00) | (imgui_colour >> 16 & 0xff);
}

/// x / 255, rounded, for x up to 255 * 255.
constexpr u32 divide_by_255(u32 x) {
    x += 128;
    return (x + (x >> 8)) >> 8;
}

/// `colour` over `below` with `alpha` 0 … 255. Red and blue share one multiplication.
constexpr u32 blend(u32 below, u32 colour, u32 alpha) {
    constexpr u32 outer = 0x00ff00ff;
    u32 rest = 255 - alpha;
    u32 red_blue = (colour & outer) * alpha + (below & outer) * rest + 0x00800080;
    red_blue = (red_blue + (red_blue >> 8 & outer)) >> 8 & outer;
    u32 green = divide_by_255((colour >> 8 & 0xff) * alpha + (below >> 8 & 0xff) * rest);
    return red_blue | green << 8;
}

static_assert(blend(0x123456, 0xabcdef, 255) == 0xabcdef);
static_assert(blend(0x123456, 0xabcdef, 0) == 0x123456);
static_assert(blend(0, 0xffffff, 128) == 0x808080);

} // namespace render
