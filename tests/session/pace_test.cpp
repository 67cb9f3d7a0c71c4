// SPDX-License-Identifier: BSD-2-Clause
#include "session/pace.hpp"

#include <gtest/gtest.h>

namespace session {

using std::chrono::milliseconds;

TEST(Pace, without_a_rate_the_goal_alone_counts) {
    Pace pace;
    EXPECT_EQ(pace.allowed(5, {}), Pace::never);
    pace.set_goal(10);
    EXPECT_EQ(pace.allowed(5, {}), 10u);
}

TEST(Pace, a_rate_of_one_event_in_two_seconds_allows_the_next_one_after_two_seconds) {
    Pace pace;
    Pace::Clock::time_point now{};
    pace.set_rate(0.5, 7, now);
    EXPECT_EQ(pace.allowed(7, now += milliseconds(1000)), 7u);
    EXPECT_EQ(pace.allowed(7, now += milliseconds(999)), 7u);
    EXPECT_EQ(pace.allowed(7, now += milliseconds(1)), 8u);
}

TEST(Pace, a_machine_that_was_slow_does_not_catch_up_at_once) {
    Pace pace;
    Pace::Clock::time_point now{};
    pace.set_rate(100, 0, now);
    EXPECT_EQ(pace.allowed(0, now += milliseconds(60'000)), 26u);
}

TEST(Pace, the_goal_limits_the_rate) {
    Pace pace;
    Pace::Clock::time_point now{};
    pace.set_goal(3);
    pace.set_rate(1000, 0, now);
    EXPECT_EQ(pace.allowed(0, now += milliseconds(100)), 3u);
}

} // namespace session
