// SPDX-License-Identifier: BSD-2-Clause
// How far the machine may go: as far as a person asked, not faster than the person asked.
//
// Counts events since boot. The goal is where the machine shall stop; the rate lets it get there in
// steps of one event or more.
#pragma once

#include "lib/types.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace session {

class Pace {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr u64 never = ~0ull;

    void set_goal(u64 events) { goal_ = events; }
    [[nodiscard]] u64 goal() const { return goal_; }
    /// Events per second; 0: as fast as can be. Counts from `happened` events.
    void set_rate(double rate, u64 happened, Clock::time_point now) {
        rate_ = rate;
        restart(happened, now);
    }
    /// Time that has passed so far earns no events: after a pause.
    void restart(u64 happened, Clock::time_point now) {
        earned_ = static_cast<double>(happened);
        last_ = now;
    }

    /// How many events may have happened by `now`.
    [[nodiscard]] u64 allowed(u64 happened, Clock::time_point now) {
        if (rate_ <= 0)
            return goal_;
        earned_ += rate_ * std::chrono::duration<double>(now - last_).count();
        last_ = now;
        // Whoever was slow does not catch up at once: a quarter of a second's events at most.
        double most = static_cast<double>(happened) + 1 + rate_ / 4;
        earned_ = std::min(earned_, most);
        return std::min(goal_, static_cast<u64>(earned_));
    }

private:
    u64 goal_ = never;
    double rate_ = 0;
    double earned_ = 0;
    Clock::time_point last_{};
};

} // namespace session
