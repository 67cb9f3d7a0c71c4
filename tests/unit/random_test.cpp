// SPDX-License-Identifier: BSD-2-Clause
// The kernel under thousands of schedules, and the visualizer's model of it: every event that the
// kernel emits must be possible, and the picture sound after each.
#include "fold.hpp"
#include "workload.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

namespace {

using namespace simulated;

/// SCHEDULES=20000 build/test-unit --gtest_filter='Random.*' looks longer.
unsigned long schedules() {
    const char* wanted = std::getenv("SCHEDULES");
    return wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 500;
}

/// FIRST=1234 SCHEDULES=1 looks at one again.
unsigned long first() {
    const char* wanted = std::getenv("FIRST");
    return wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 1;
}

using Counts = std::array<unsigned long, trace::Events::count + 1>;

void count(const Outcome& outcome, Counts& counts) {
    for (const Event& event : outcome.events)
        counts[trace::record_id(event.record)]++;
}

} // namespace

TEST(Random, no_schedule_shows_an_event_that_is_impossible_or_a_state_that_cannot_be) {
    Counts counts{};
    for (unsigned long seed = first(); seed < first() + schedules(); seed++) {
        Outcome outcome = boot(workload_options(seed), run_workload);
        ASSERT_FALSE(outcome.crashed) << "seed " << seed << "\n" << told_last(outcome);
        ASSERT_EQ(outcome.status, 0u) << "seed " << seed << "\n"
                                      << outcome.console << told_last(outcome);
        ASSERT_EQ(contradiction(outcome), "") << "seed " << seed;
        count(outcome, counts);
    }
    if (schedules() < 200)
        return; // too few to have seen everything
    trace::Events::for_each(
        [&]<class E>() { std::printf("%8lu %s\n", counts[trace::id_of<E>], E::info.name); });
}
