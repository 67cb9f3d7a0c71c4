// SPDX-License-Identifier: BSD-2-Clause
// The kernel under thousands of schedules, and the visualizer's model of it: every event that the
// kernel emits must be possible, and the picture sound after each.
#include "fold.hpp"
#include "workload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

/// Names of events that the workload is there to bring about and that did not happen.
std::string never_seen(const Counts& counts) {
    using namespace trace;
    constexpr u16 wanted[] = {
        id_of<Steal>,         id_of<PriorityChange>, id_of<Sleep>,       id_of<PreemptRefused>,
        id_of<Ipi>,           id_of<LockSpin>,       id_of<LockBlock>,   id_of<Lend>,
        id_of<Unlend>,        id_of<LineDefer>,      id_of<IrqBlock>,    id_of<RunOut>,
        id_of<SoftintBlock>,  id_of<CalloutEnter>,   id_of<CalloutWait>, id_of<CalloutMove>,
        id_of<CalloutSkip>,   id_of<CalloutDrain>,   id_of<SplRaise>,    id_of<LockUpgrade>,
        id_of<LockDowngrade>, id_of<SemaphoreValue>};
    std::string names;
    Events::for_each([&]<class E>() {
        bool looked_for =
            std::find(std::begin(wanted), std::end(wanted), id_of<E>) != std::end(wanted);
        if (looked_for && counts[id_of<E>] == 0)
            names += std::string(E::info.name) + " ";
    });
    return names;
}

} // namespace

TEST(Random, no_schedule_shows_an_event_that_is_impossible_or_a_state_that_cannot_be) {
    Counts counts{};
    for (unsigned long seed = first(); seed < first() + schedules(); seed++) {
        Outcome outcome = boot(workload_options(seed), run_workload);
        ASSERT_TRUE(outcome.passed()) << "seed " << seed << "\n" << ending(outcome);
        ASSERT_EQ(contradiction(outcome), "") << "seed " << seed;
        count(outcome, counts);
    }
    if (schedules() >= 200) {
        EXPECT_EQ(never_seen(counts), "") << "the workload has become too tame";
    }
}
