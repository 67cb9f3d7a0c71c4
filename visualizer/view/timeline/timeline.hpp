// SPDX-License-Identifier: BSD-2-Clause
// The timeline pane: lanes of harts, lines, LWPs and locks beneath a ruler, zoomed with the wheel
// where the pointer is, moved by dragging, with the picture's cursor, two markers and a small map
// of the whole run.
//
//   wheel  zoom at the pointer        drag   move            click   select, and go there
//   wheel over the names  scroll      shift+wheel  move      a, b    markers at the cursor
#pragma once

#include "view/context.hpp"
#include "view/timeline/axis.hpp"
#include "view/timeline/lane_paint.hpp"
#include "view/timeline/lanes.hpp"

#include <array>
#include <optional>

namespace view::timeline {

class Timeline {
public:
    void draw(Context& context);
    /// The events between the two markers, if both are set.
    [[nodiscard]] std::optional<std::pair<usize, usize>> marked() const;
    /// Puts marker 0 or 1 at the shown event; where it was already, takes it away.
    void toggle_marker(int which, usize shown);
    void set_scale(Scale scale) { axis_.set_scale(scale); }
    [[nodiscard]] Axis& axis() { return axis_; }
    [[nodiscard]] const Lanes& lanes() const { return lanes_; }

private:
    struct Row {
        const Lane* lane;
        int group;       // rows of one group stay together
        float y, height; // in the scrolled area
    };

    void draw_head(Context& context);
    void draw_ruler(Context& context, ImVec2 at, float height);
    void draw_rows(Context& context, ImVec2 at, ImVec2 size);
    void draw_name(Context& context, const Row& row, ImVec2 at);
    void draw_cursor(Context& context, ImVec2 at, float height);
    void draw_flags(Context& context, ImVec2 at, float height, bool hovered);
    void draw_wakeups(Context& context, ImVec2 at);
    void draw_map(Context& context, ImVec2 at, ImVec2 size);
    void draw_hint(Context& context, ImVec2 at);
    void handle_pointer(Context& context, ImVec2 at, ImVec2 size);
    void lay_out(Context& context);
    [[nodiscard]] const Row* row_of(const Object& object) const;
    [[nodiscard]] const Row* row_at(float y) const;

    Lanes lanes_;
    Axis axis_;
    std::vector<Row> rows_;
    float scroll_ = 0, rows_height_ = 0;
    std::array<std::optional<usize>, 2> markers_;
    usize last_shown_ = 0;
    bool dragged_ = false;
};

} // namespace view::timeline
