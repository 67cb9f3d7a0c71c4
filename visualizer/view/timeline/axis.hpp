// SPDX-License-Identifier: BSD-2-Clause
// The horizontal axis of the timeline: from events and times to pixels and back.
//
// Two scales. `time`: a pixel is so many clock ticks. `events`: every event is equally wide, so
// that a burst of a microsecond between two idle seconds can be read; a teacher's usual choice.
// Positions are in units of the scale: ticks since the first event, or events.
#pragma once

#include "model/store.hpp"

namespace view::timeline {

enum class Scale : u8 { time, events };

class Axis {
public:
    /// Where the whole run lies: 0 … length().
    void set_run(const model::Store& store);
    void set_width(float pixels) { width_ = pixels > 1 ? pixels : 1; }
    /// Shows about the same part of the run on the other scale.
    void set_scale(Scale scale);

    void show_all();
    /// Zooms by a factor (> 1: closer) so that what is under pixel x stays there.
    void zoom(float x, double factor);
    void pan(float pixels);
    /// Scrolls as little as needed to have a position well inside the view.
    void reveal(double position);

    [[nodiscard]] Scale scale() const { return scale_; }
    [[nodiscard]] bool shows_all() const { return all_; }
    [[nodiscard]] double from() const { return from_; }
    [[nodiscard]] double to() const { return from_ + span_; }
    [[nodiscard]] double length() const { return length_; }
    [[nodiscard]] double per_pixel() const { return span_ / static_cast<double>(width_); }
    [[nodiscard]] float width() const { return width_; }

    [[nodiscard]] float x_of(double position) const;
    [[nodiscard]] double at(float x) const { return from_ + static_cast<double>(x) * per_pixel(); }
    /// The position of an event: where the span that it begins starts.
    [[nodiscard]] double position(usize event) const;
    /// How many events lie before a position.
    [[nodiscard]] usize events_before(double position) const;
    [[nodiscard]] u64 time_at(double position) const;

private:
    void clamp();

    const model::Store* store_ = nullptr;
    Scale scale_ = Scale::events;
    double from_ = 0, span_ = 1, length_ = 1;
    float width_ = 1;
    bool all_ = true;
};

} // namespace view::timeline
