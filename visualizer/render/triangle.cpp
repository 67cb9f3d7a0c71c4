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
///
/// Walks down row by row. At the centre of pixel x the value is step * x + start; the pixel where
/// it changes sign is a quotient that is divided out once and then kept by adding, remainder and
/// all. Most triangles are a few pixels wide (soft edges); for them trying the pixels is cheaper.
class Edge {
public:
    Edge(const Corner& from, const Corner& to, int top, bool thin)
        : step_((from.y - to.y) * i64{16})
        , down_((to.x - from.x) * i64{16})
        , thin_(thin) {
        i64 a = from.y - to.y, b = to.x - from.x;
        bool top_or_left = a > 0 || (a == 0 && b > 0);
        start_ = a * (8 - from.x) + b * (i64{top} * 16 + 8 - from.y) - (top_or_left ? 0 : 1);
        if (thin_ || step_ == 0)
            return;
        divisor_ = step_ > 0 ? step_ : -step_;
        quotient_ = divide_down(start_, divisor_);
        remainder_ = start_ - quotient_ * divisor_;
        quotient_down_ = divide_down(down_, divisor_);
        remainder_down_ = down_ - quotient_down_ * divisor_;
    }

    /// Narrows [left, right) to the pixels of this row whose centres are inside.
    void narrow(int& left, int& right) const {
        if (thin_) {
            while (left < right && step_ * left + start_ < 0)
                left++;
            while (left < right && step_ * (right - 1) + start_ < 0)
                right--;
        } else if (step_ > 0) {
            left = static_cast<int>(std::max<i64>(left, -quotient_));
        } else if (step_ < 0) {
            right = static_cast<int>(std::min<i64>(right, quotient_ + 1));
        } else if (start_ < 0) {
            right = left;
        }
    }

    void next_row() {
        start_ += down_;
        quotient_ += quotient_down_;
        remainder_ += remainder_down_;
        if (remainder_ >= divisor_) {
            remainder_ -= divisor_;
            quotient_++;
        }
    }

private:
    i64 step_, down_, start_ = 0;
    i64 divisor_ = 1, quotient_ = 0, remainder_ = 0, quotient_down_ = 0, remainder_down_ = 0;
    bool thin_;
};

/// A colour channel over the plane: value(x, y) = base + dx * x + dy * y, in 1 / 65536.
struct Plane {
    i64 base = 0, dx = 0, dy = 0;

    Plane() = default;
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

/// Colours a row of the triangle: one colour, one colour with changing alpha, or four planes.
class Filler {
public:
    Filler(const Corner& a, const Corner& b, const Corner& c, i64 area)
        : colour_(surface_colour(a.colour))
        , alpha_(a.colour >> 24) {
        u32 differs = (a.colour ^ b.colour) | (a.colour ^ c.colour);
        one_colour_ = (differs & 0xffffff) == 0;
        flat_ = differs == 0;
        if (!flat_)
            planes_[3] = Plane(a, b, c, 24, area);
        if (!one_colour_)
            for (unsigned channel = 0; channel < 3; channel++)
                planes_[channel] = Plane(a, b, c, channel * 8, area);
    }

    void row(u32* row, int y, int left, int right) const {
        if (flat_)
            return flat_row(row, left, right, colour_, alpha_);
        i64 alpha = planes_[3].at(left, y);
        for (int x = left; x < right; x++, alpha += planes_[3].dx)
            row[x] = blend(row[x], one_colour_ ? colour_ : colour_at(x, y), to_byte(alpha));
    }

private:
    [[nodiscard]] u32 colour_at(int x, int y) const {
        return to_byte(planes_[0].at(x, y)) << 16 | to_byte(planes_[1].at(x, y)) << 8
               | to_byte(planes_[2].at(x, y));
    }

    u32 colour_, alpha_;
    bool one_colour_ = false, flat_ = false;
    std::array<Plane, 4> planes_{};
};

} // namespace

void fill_triangle(const Surface& target, const Box& clip, Corner a, Corner b, Corner c) {
    i64 area = i64{b.x - a.x} * (c.y - a.y) - i64{c.x - a.x} * (b.y - a.y);
    if (area == 0 || ((a.colour | b.colour | c.colour) >> 24) == 0)
        return;
    if (area < 0) {
        std::swap(b, c);
        area = -area;
    }
    // A pixel's centre lies 8 sixteenths in: this box has every pixel that can be inside.
    int top = std::max(clip.top, (std::min({a.y, b.y, c.y}) + 7) >> 4);
    int bottom = std::min(clip.bottom, (std::max({a.y, b.y, c.y}) + 8) >> 4);
    int most_left = std::max(clip.left, (std::min({a.x, b.x, c.x}) + 7) >> 4);
    int most_right = std::min(clip.right, (std::max({a.x, b.x, c.x}) + 8) >> 4);
    if (top >= bottom || most_left >= most_right)
        return;
    bool thin = most_right - most_left <= 6;
    std::array<Edge, 3> edges{Edge(a, b, top, thin), Edge(b, c, top, thin), Edge(c, a, top, thin)};
    const Filler filler(a, b, c, area);
    for (int y = top; y < bottom; y++) {
        int left = most_left, right = most_right;
        for (Edge& edge : edges) {
            edge.narrow(left, right);
            edge.next_row();
        }
        if (left < right)
            filler.row(target.row(y), y, left, right);
    }
}

} // namespace render
