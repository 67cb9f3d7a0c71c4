// SPDX-License-Identifier: BSD-2-Clause
// A hart's timing wheel in the picture: a dial of four rings, and the next buckets in large.
//
//   ┌───────────────────────────────┐   dial: a ring per level, level 0 outside; 256 buckets round
//   │  .--.   hart 0 · tick 17      │   each; the hand is at the current tick's bucket of level 0,
//   │ ( / )   ▼17│18│19│20│21│…     │   a bar on each inner ring at that level's bucket
//   │  `--´   blink   in 2 ticks    │   strip: the current bucket of level 0 and those after it
//   └───────────────────────────────┘   cards: in flight, then pending, in the order of their ticks
//
// Rules
//   - Only what events said: without CalloutPlace no callout has a bucket, only a tick.
// Read next: arrange_strip.cpp, wheel_paint.cpp
#pragma once

#include "view/machine/scene.hpp"

namespace view::machine {

constexpr u32 wheel_levels = 4, wheel_buckets = 256;

/// The bucket of a level in which something due at this tick lies, or which this tick has reached.
constexpr u32 wheel_bucket(u64 tick, u32 level) {
    return static_cast<u32>(tick >> 8 * level) % wheel_buckets;
}

/// Off the wheel, but not done with.
inline bool in_flight(const model::Callout& callout) {
    return callout.in_flight || callout.running;
}

/// Where the parts of a wheel are within its room.
struct WheelPlan {
    Point centre;
    float radius = 0; // of the outermost ring
    Rect head, strip, chips;
    usize cells = 0; // buckets in the strip; the first is the current one

    static WheelPlan of(const Rect& room, float scale);
    /// The middle of a bucket on the ring of its level.
    [[nodiscard]] Point on_ring(u32 level, u32 bucket) const;
    [[nodiscard]] float ring(u32 level) const {
        return radius * (1 - 0.22f * static_cast<float>(level));
    }
};

} // namespace view::machine
