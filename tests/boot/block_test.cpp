// SPDX-License-Identifier: BSD-2-Clause
// Scenario block: a handler waits for a mutex and for an RW lock, in every way there is.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

class Block : public testing::TestWithParam<unsigned> {};

TEST_P(Block, every_handler_that_waits_goes_on_and_every_event_is_possible) {
    Outcome result = run({.harts = GetParam(), .arguments = "scenario=block"});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.broken_invariants(), "");
    EXPECT_EQ(result.count<trace::IrqBlock>(), GetParam() > 1 ? 5u : 4u);
}

INSTANTIATE_TEST_SUITE_P(boot, Block, testing::Values(1, 2, 8));

TEST(block, in_every_model_the_scenario_keeps_its_promises) {
    for (const char* model : {"thread", "classic"}) {
        Outcome result =
            run({.harts = 2, .arguments = std::string("scenario=block model=") + model});
        EXPECT_EQ(result.status, 0) << model << result.console;
        EXPECT_EQ(result.problems(), "") << model;
    }
}

} // namespace
