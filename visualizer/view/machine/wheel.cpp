// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/wheel.hpp"

#include <algorithm>
#include <cmath>

namespace view::machine {
namespace {

constexpr float cell_width = 22, head_height = 17, strip_height = 21, gap = 4;

} // namespace

WheelPlan WheelPlan::of(const Rect& room, float scale) {
    auto px = [&](float at_scale_one) { return std::round(at_scale_one * scale); };
    WheelPlan plan;
    float side = std::min(room.h, room.w * 0.42f);
    plan.radius = std::max(px(8), side / 2 - px(7));
    plan.centre = {room.x + side / 2, room.y + room.h / 2};
    float left = room.x + side + px(gap), width = std::max(px(20), room.right() - left - px(gap));
    plan.head = {left, room.y, width, px(head_height)};
    plan.strip = {left, plan.head.bottom(), width, px(strip_height)};
    plan.cells = static_cast<usize>(width / px(cell_width));
    float top = plan.strip.bottom() + px(gap);
    if (room.bottom() - top < px(18)) { // callouts go before buckets
        plan.cells = 0;
        top = plan.head.bottom() + px(2);
    }
    plan.chips = {left, top, width, room.bottom() - top};
    return plan;
}

Point WheelPlan::on_ring(u32 level, u32 bucket) const {
    constexpr float turn = 6.28318531f;
    float angle = turn * static_cast<float>(bucket) / static_cast<float>(wheel_buckets);
    return {centre.x + ring(level) * std::sin(angle), centre.y - ring(level) * std::cos(angle)};
}

} // namespace view::machine
