// SPDX-License-Identifier: BSD-2-Clause
// The pilot sits between the machine and a strategy: counts points, keeps the log, and makes the
// digest by which a run is known again.
//
// The log lies in memory that the process shares with whoever started it, so that the departures of
// a run are known even if a sanitizer ends it in the middle.
// Read next: runner.hpp
#pragma once

#include "explore/strategy.hpp"

namespace explore {

/// A departure with as few bytes as it needs.
struct LoggedDeparture {
    u32 point;
    u8 hart;
    Act act;
    u8 number;
    u8 reserved;
};

/// A point as the exhaustive search wants to see it again.
struct LoggedPoint {
    u64 word;  // that the hart is about to touch
    u64 other; // and another, or 0
    u64 clock;
    u8 hart;
    Place place;
    arch::Access access;
    u8 count;  // of options
    u8 chosen; // among them
    u8 reserved[3];
    Option options[Point::max_options];
};

struct RunLog {
    static constexpr usize most_departures = 1 << 16;

    u64 points;
    u64 digest;
    u64 departure_count; // also those that found no room below
    LoggedDeparture departures[most_departures];

    [[nodiscard]] Departures list() const;
};

class Pilot final : public arch::host::Choices {
public:
    /// `points`, if given, gets every point, up to `room`.
    Pilot(Strategy& strategy, RunLog& log, LoggedPoint* points = nullptr, usize room = 0);
    unsigned pick(const Point& point) override;

private:
    void note_departure(const Point& point, unsigned choice, u64 number);
    void note_point(const Point& point, unsigned choice);

    Strategy& strategy_;
    RunLog& log_;
    LoggedPoint* points_;
    usize room_;
    std::array<u64, arch::max_harts> passed_{};
};

} // namespace explore
