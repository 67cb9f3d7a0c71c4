// SPDX-License-Identifier: BSD-2-Clause
// Scenarios callouts, teardown and timedwait: what they promise, on one hart and on several, and
// the model agrees with every event.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

struct Played {
    const char* arguments;
    unsigned harts;
};

class Callouts : public testing::TestWithParam<Played> {};

TEST_P(Callouts, the_scenario_keeps_its_promises) {
    Outcome result = run({.harts = GetParam().harts, .arguments = GetParam().arguments});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.broken_invariants(), "");
    EXPECT_GT(result.count<trace::CalloutPlace>(), 0u);
    EXPECT_EQ(result.count<trace::CalloutTake>(), result.count<trace::CalloutDone>());
}

INSTANTIATE_TEST_SUITE_P(
    boot, Callouts,
    testing::Values(Played{"scenario=callouts", 1}, Played{"scenario=callouts", 2},
                    Played{"scenario=callouts", 4}, Played{"scenario=callouts lockcheck=on", 2},
                    Played{"scenario=teardown", 1}, Played{"scenario=teardown", 2},
                    Played{"scenario=teardown", 4}, Played{"scenario=timedwait", 2},
                    Played{"scenario=timedwait", 4}));

TEST(callouts, a_case_that_a_scenario_does_not_know_is_refused_with_those_it_does) {
    Outcome result = run({.arguments = "scenario=teardown case=nonsense"});

    EXPECT_NE(result.status, 0);
    EXPECT_NE(result.console.find("naive, old, async, toy"), std::string::npos) << result.console;
}

} // namespace
