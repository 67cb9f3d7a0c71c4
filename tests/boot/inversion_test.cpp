// SPDX-License-Identifier: BSD-2-Clause
// Scenario inversion: with inheritance a handler waits for the holder's work, without it for
// everybody who is in the way (S3.16).
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

class Inversion : public testing::TestWithParam<unsigned> {};

TEST_P(Inversion, with_inheritance_the_wait_is_bounded_by_the_holders_work) {
    Outcome result = run({.harts = GetParam(), .arguments = "scenario=inversion"});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.broken_invariants(), "");
    EXPECT_GE(result.count<trace::Lend>(), 5u) << "one, three along the chain, one reader";
}

TEST_P(Inversion, without_it_the_wait_is_as_long_as_all_others_compute) {
    Outcome result = run({.harts = GetParam(), .arguments = "scenario=inversion pi=off"});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.count<trace::Lend>(), 0u);
}

TEST(inversion, in_every_model_the_scenario_keeps_its_promises) {
    for (const char* model : {"thread", "classic"}) {
        Outcome result = run({.arguments = std::string("scenario=inversion model=") + model});
        EXPECT_EQ(result.status, 0) << model << result.console;
        EXPECT_EQ(result.problems(), "") << model;
    }
}

INSTANTIATE_TEST_SUITE_P(boot, Inversion, testing::Values(1, 4));

} // namespace
