// SPDX-License-Identifier: BSD-2-Clause
// Draws one lane of the timeline at the axis's zoom.
//
// Where there are few spans, each is a rectangle with its name. Where there are more than about
// one per two pixels, the lane is drawn in columns, each a stack of what it contains in proportion
// to time; a class that occurred at all gets at least two pixels of the stack.
#pragma once

#include "view/context.hpp"
#include "view/timeline/axis.hpp"
#include "view/timeline/lanes.hpp"

namespace view::timeline {

/// Positions of the columns' borders as event counts and times, shared by all lanes of a frame.
struct Columns {
    float width = 2; // pixels
    std::vector<u32> events;
    std::vector<u64> times;

    static Columns of(const Axis& axis, float column_width);
};

Colour class_colour(trace::Kind kind, u8 klass);
/// "running", "claimed", "held", …; for a hart the kind of LWP.
const char* class_name(trace::Kind kind, u8 klass);

void draw_lane(Context& context, ImDrawList& list, const Axis& axis, const Columns& columns,
               const Lane& lane, ImVec2 at, float height);

} // namespace view::timeline
