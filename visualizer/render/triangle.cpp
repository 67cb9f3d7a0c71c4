// SPDX-License-Identifier: BSD-2-Clause
#include "render/triangle.hpp"

#include "render/blend.hpp"

#include <algorithm>
#include <array>

namespace render {
namespace {

constexpr i64 divide_down(i64 a, i64 b) { // b > 0
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// One side: value(x, y) >= 0 for the points on the inner side. Points exactly on a side that is
/// neither top nor left belong to the neighbour, so those sides are moved in by the least amount.
struct Edge {
    i64 a, b, c;

    Edge(const Corner& from, const Corner& to)
        : a(from.y - to.y)
        , b(to.x - from.x)
        , c(-(a * from.x + b * from.y)) {
        bool top_or_left = a > 0 || (a == 0 && b > 0);
        if (!top_or_left)
            c -= 1;
    }

    /// Narrows [left, right) to the pixels of row y whose centres are inside.
    void narrow(int y, int& left, int& right) const {
        // value(16 x + 8, 16 y + 8) = step * x + start
        i64 start = a * 8 + b * (i64{y} * 16 + 8) + c;
        i64 step = a * 16;
        if (step > 0)
            left = static_cast<int>(std::max<i64>(left, -divide_down(start, step)));
        else if (step < 0)
            right = static_cast<int>(std::min<i64>(right, divide_down(start, -step) + 1));
        else if (start < 0)
            right = left;
    }
};

/// A colour channel over the plane: value(x, y) = base + dx * x + dy * y, in 1 / 65536.
struct Plane {
    i64 base, dx, dy;

    Plane(const Corner& p, const Corner& q, const Corner& r, unsigned shift, i64 area) {
        auto channel = [&](const Corner& corner) {
            return static_cast<i64>(corner.colour >> shift & 0xff);
        };
        i64 q_p = channel(q) - channel(p), r_p = channel(r) - channel(p);
        // Positions count sixteenths, so a step of one pixel is 16 of them.
        dx = (q_p * (r.y - p.y) - r_p * (q.y - p.y)) * 16 * 65536 / area;
        dy = (r_p * (q.x - p.x) - q_p * (r.x - p.x)) * 16 * 65536 / area;
        base = channel(p) * 65536 + (dx * (8 - p.x) + dy * (8 - p.y)) / 16;
    }
    [[nodiscard]] i64 at(int x, int y) const { return base + dx * x + dy * y; }
};

u32 to_byte(i64 value) {
    return static_cast<u32>(std::clamp<i64>((value + 32768) >> 16, 0, 255));
}

void flat_row(u32* row, int left, int right, u32 colour, u32 alpha) {
    if (alpha == 255)
        std::fill(row + left, row + right, colour);
    else
        for (int x = left; x < right; x++)
            row[x] = blend(row[x], colour, alpha);
}

} // namespace

void fill_triangle(const Surface& target, const Box& clip, Corner a, Corner b, Corner c) {
    i64 area = i64{b.x - a.x} * (c.y - a.y) - i64{c.x - a.x} * (b.y - a.y);
    if (area == 0 || ((a.colour | b.colour | c.colour) >> 24) == 0)
        return;
    if (area < 0) {
        std::swap(b, c);
        area = -area;
    }
    std::array<Edge, 3> edges{Edge(a, b), Edge(b, c), Edge(c, a)};
    int top = std::max(clip.top, std::min({a.y, b.y, c.y}) / 16 - 1);
    int bottom = std::min(clip.bottom, std::max({a.y, b.y, c.y}) / 16 + 1);
    bool one_colour =
        ((a.colour ^ b.colour) & 0xffffff) == 0 && ((a.colour ^ c.colour) & 0xffffff) == 0;
    bool flat = one_colour && a.colour == b.colour && a.colour == c.colour;
    std::array<Plane, 4> planes{Plane(a, b, c, 0, area), Plane(a, b, c, 8, area),
                                Plane(a, b, c, 16, area), Plane(a, b, c, 24, area)};
    for (int y = top; y < bottom; y++) {
        int left = clip.left, right = clip.right;
        for (const Edge& edge : edges)
            edge.narrow(y, left, right);
        u32* row = target.row(y);
        if (left >= right)
            continue;
        if (flat) {
            flat_row(row, left, right, surface_colour(a.colour), a.colour >> 24);
            continue;
        }
        for (int x = left; x < right; x++) {
            u32 alpha = to_byte(planes[3].at(x, y));
            u32 colour = one_colour
                             ? surface_colour(a.colour)
                             : to_byte(planes[0].at(x, y)) << 16 | to_byte(planes[1].at(x, y)) << 8
                                   | to_byte(planes[2].at(x, y));
            row[x] = blend(row[x], colour, alpha);
        }
    }
}

} // namespace render
