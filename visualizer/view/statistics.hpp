// SPDX-License-Identifier: BSD-2-Clause
// Counts and times of the whole run so far, or of the part between the timeline's markers: what
// checkers reported; per interrupt line how often its handler blocked, on which lock and for how
// long, and how long it ran; soft interrupts, callouts, locks, switches.
//
// It measures in slices of a few milliseconds a frame; how far it is shows.
#pragma once

#include "model/statistics.hpp"
#include "view/context.hpp"

#include <optional>
#include <utility>

namespace view {

class StatisticsPane {
public:
    using Range = std::pair<usize, usize>; // events [first, second)

    /// `range`: what to measure; nothing: the whole run.
    void draw(Context& context, const std::optional<Range>& range);

private:
    void measure(Context& context, const std::optional<Range>& range);
    void draw_reports(Context& context) const;
    void draw_handlers(Context& context) const;
    void draw_softints(Context& context) const;
    void draw_callouts(Context& context) const;
    void draw_locks(Context& context) const;
    void draw_switches() const;

    std::optional<model::Measurement> measurement_;
    model::Statistics found_;
    std::optional<Range> range_; // that is being measured
    usize from_ = 0, at_ = 0;
    u64 first_stamp_ = 0;
};

} // namespace view
