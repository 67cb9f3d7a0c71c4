// SPDX-License-Identifier: BSD-2-Clause
// A schedule: which departures from "everybody goes on" make a run, and of what.
//
//   interlude schedule 1
//   arguments scenario=race case=counter seed=1 mutation=lost_wakeup
//   harts 2
//   offers ticks late
//   hart 0 point 1234 hart 1        hart 0 stands at its 1234th choice point: hart 1 moves instead
//   hart 1 point 88 tick            … and time jumps to the nearest deadline
//   points 2411 digest 8c0f2a90be11d044
//   failure panic: assertion failed: …
//
// A point is named by the hart that stands there and a count of that hart's points, so that taking
// one departure away leaves the names of most others alone. The digest is over the kinds of all
// points of the run: a kernel that was built again gives the same digest unless its choice points
// have changed, and then replay says so.
//
// Read next: pilot.hpp
#pragma once

#include "arch/host/choices.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace explore {

using arch::host::Act;

struct Departure {
    unsigned hart = 0; // that stands at the point
    u64 point = 0;     // the how manieth of that hart's
    Act act = Act::go_on;
    unsigned number = 0; // of the hart or line that moves

    bool operator==(const Departure&) const = default;
};
using Departures = std::vector<Departure>;

/// What is run: boot arguments, and what the machine offers as choices.
struct Subject {
    std::string arguments = "scenario=tour";
    unsigned harts = 2;
    bool ticks = true;    // time may pass at any point
    bool late = true;     // a device's signal may take its time
    bool stores = false;  // stores may be delayed
    bool reports = false; // what checkers report is expected
    bool events = false;  // what a run's events say is judged
};

struct Schedule {
    Subject subject;
    Departures departures;
    u64 points = 0;
    u64 digest = 0;
    std::string failure;
};

/// "hart 0 point 12 hart 1"
[[nodiscard]] std::string to_text(const Departure& departure);
/// "hart 0 is left standing, and hart 1 moves"
[[nodiscard]] std::string what_happens(const Departure& departure);
/// "hart 0, point 12: hart 0 is left standing, and hart 1 moves"
[[nodiscard]] std::string in_words(const Departure& departure);
[[nodiscard]] std::string to_text(const Schedule& schedule);
/// Throws std::runtime_error with a sentence that names the line.
[[nodiscard]] Schedule schedule_from(std::string_view text);

} // namespace explore
