// SPDX-License-Identifier: BSD-2-Clause
#include "render/raster.hpp"

#include "render/blend.hpp"
#include "render/triangle.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace render {
namespace {

/// Pixels whose centres lie in [from, to).
int first_pixel(float from) {
    return static_cast<int>(std::ceil(from - 0.5f));
}

bool same(const ImVec2& a, const ImVec2& b) {
    return a.x == b.x && a.y == b.y;
}

/// Two triangles a b c, a c d that form an axis-parallel rectangle of one colour, a at the top
/// left.
bool is_rectangle(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c,
                  const ImDrawVert& d) {
    return a.pos.y == b.pos.y && b.pos.x == c.pos.x && c.pos.y == d.pos.y && d.pos.x == a.pos.x
           && a.pos.x <= c.pos.x && a.pos.y <= c.pos.y && a.col == b.col && a.col == c.col
           && a.col == d.col;
}

class Painter {
public:
    Painter(const Atlas& atlas, const Surface& target)
        : atlas_(atlas)
        , target_(target) {}

    void command(const ImDrawCmd& command, const ImDrawVert* vertices, const ImDrawIdx* indices);

    void set_clip(const ImVec4& clip, ImVec2 offset) {
        clip_.left = std::max(0, static_cast<int>(clip.x - offset.x));
        clip_.top = std::max(0, static_cast<int>(clip.y - offset.y));
        clip_.right = std::min(target_.width, static_cast<int>(clip.z - offset.x));
        clip_.bottom = std::min(target_.height, static_cast<int>(clip.w - offset.y));
        offset_ = offset;
    }
    [[nodiscard]] bool clipped_away() const {
        return clip_.left >= clip_.right || clip_.top >= clip_.bottom;
    }

private:
    void rectangle(const ImDrawVert& a, const ImDrawVert& c);
    void fill(Box box, u32 colour, u32 alpha);
    void glyph(const Box& box, int x0, int y0, int u0, int v0, u32 colour, u32 alpha);
    void scaled(const Box& box, const ImDrawVert& a, const ImDrawVert& c, u32 colour, u32 alpha);
    [[nodiscard]] Corner corner(const ImDrawVert& vertex) const {
        return {static_cast<int>(std::lrint((vertex.pos.x - offset_.x) * 16.0f)),
                static_cast<int>(std::lrint((vertex.pos.y - offset_.y) * 16.0f)), vertex.col};
    }

    const Atlas& atlas_;
    const Surface& target_;
    Box clip_;
    ImVec2 offset_;
};

void Painter::command(const ImDrawCmd& command, const ImDrawVert* vertices,
                      const ImDrawIdx* indices) {
    const ImDrawVert* v = vertices + command.VtxOffset;
    const ImDrawIdx* i = indices + command.IdxOffset;
    const ImDrawIdx* end = i + command.ElemCount;
    while (end - i >= 3) {
        bool shares_diagonal = end - i >= 6 && i[3] == i[0] && i[4] == i[2];
        if (shares_diagonal && is_rectangle(v[i[0]], v[i[1]], v[i[2]], v[i[5]])) {
            rectangle(v[i[0]], v[i[2]]);
            i += 6;
        } else {
            fill_triangle(target_, clip_, corner(v[i[0]]), corner(v[i[1]]), corner(v[i[2]]));
            i += 3;
        }
    }
}

void Painter::rectangle(const ImDrawVert& a, const ImDrawVert& c) {
    int x0 = first_pixel(a.pos.x - offset_.x), x1 = first_pixel(c.pos.x - offset_.x);
    int y0 = first_pixel(a.pos.y - offset_.y), y1 = first_pixel(c.pos.y - offset_.y);
    Box box{std::max(x0, clip_.left), std::max(y0, clip_.top), std::min(x1, clip_.right),
            std::min(y1, clip_.bottom)};
    u32 alpha = a.col >> 24;
    if (box.left >= box.right || box.top >= box.bottom || alpha == 0)
        return;
    u32 colour = surface_colour(a.col);
    if (same(a.uv, c.uv)) {
        fill(box, colour, alpha);
        return;
    }
    float texels_x = (c.uv.x - a.uv.x) * static_cast<float>(atlas_.width);
    float texels_y = (c.uv.y - a.uv.y) * static_cast<float>(atlas_.height);
    if (std::lrint(texels_x) == x1 - x0 && std::lrint(texels_y) == y1 - y0) {
        int u = static_cast<int>(std::lrint(a.uv.x * static_cast<float>(atlas_.width)));
        int v = static_cast<int>(std::lrint(a.uv.y * static_cast<float>(atlas_.height)));
        glyph(box, x0, y0, u, v, colour, alpha);
    } else {
        scaled(box, a, c, colour, alpha);
    }
}

void Painter::fill(Box box, u32 colour, u32 alpha) {
    for (int y = box.top; y < box.bottom; y++) {
        u32* row = target_.row(y);
        if (alpha == 255)
            std::fill(row + box.left, row + box.right, colour);
        else
            for (int x = box.left; x < box.right; x++)
                row[x] = blend(row[x], colour, alpha);
    }
}

/// Texel (u0, v0) lies on pixel (x0, y0).
void Painter::glyph(const Box& box, int x0, int y0, int u0, int v0, u32 colour, u32 alpha) {
    int right = std::min(box.right, x0 + atlas_.width - u0);
    int bottom = std::min(box.bottom, y0 + atlas_.height - v0);
    for (int y = box.top; y < bottom; y++) {
        const u8* coverage = atlas_.coverage + (v0 + y - y0) * atlas_.width + u0 - x0;
        u32* row = target_.row(y);
        for (int x = box.left; x < right; x++) {
            u32 covered = coverage[x];
            if (covered == 0)
                continue;
            u32 share = alpha == 255 ? covered : divide_by_255(covered * alpha);
            row[x] = share == 255 ? colour : blend(row[x], colour, share);
        }
    }
}

/// A glyph at another size than it was baked: the nearest texel of each pixel's centre.
void Painter::scaled(const Box& box, const ImDrawVert& a, const ImDrawVert& c, u32 colour,
                     u32 alpha) {
    auto fixed = [](float value) { return std::llrint(value * 65536.0f); };
    i64 x0 = fixed(a.pos.x - offset_.x), y0 = fixed(a.pos.y - offset_.y);
    i64 width = std::max<i64>(1, fixed(c.pos.x - a.pos.x));
    i64 height = std::max<i64>(1, fixed(c.pos.y - a.pos.y));
    i64 u0 = fixed(a.uv.x * static_cast<float>(atlas_.width));
    i64 v0 = fixed(a.uv.y * static_cast<float>(atlas_.height));
    i64 du = fixed(c.uv.x * static_cast<float>(atlas_.width)) - u0;
    i64 dv = fixed(c.uv.y * static_cast<float>(atlas_.height)) - v0;
    auto texel = [](i64 origin, i64 delta, i64 at, i64 length, int limit) {
        i64 value = (origin + delta * at / length) >> 16;
        return static_cast<int>(std::clamp<i64>(value, 0, limit - 1));
    };
    for (int y = box.top; y < box.bottom; y++) {
        int v = texel(v0, dv, (i64{y} << 16) + 32768 - y0, height, atlas_.height);
        u32* row = target_.row(y);
        for (int x = box.left; x < box.right; x++) {
            int u = texel(u0, du, (i64{x} << 16) + 32768 - x0, width, atlas_.width);
            u32 covered = atlas_.coverage[v * atlas_.width + u];
            row[x] = blend(row[x], colour, divide_by_255(covered * alpha));
        }
    }
}

} // namespace

void clear(const Surface& target, u32 colour) {
    for (int y = 0; y < target.height; y++)
        std::fill_n(target.row(y), target.width, colour);
}

void draw(const ImDrawData& data, const Atlas& atlas, const Surface& target) {
    Painter painter(atlas, target);
    for (int n = 0; n < data.CmdListsCount; n++) {
        const ImDrawList& list = *data.CmdLists[n];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            if (command.UserCallback != nullptr)
                continue; // nothing of ours uses callbacks
            painter.set_clip(command.ClipRect, data.DisplayPos);
            if (!painter.clipped_away())
                painter.command(command, list.VtxBuffer.Data, list.IdxBuffer.Data);
        }
    }
}

} // namespace render
