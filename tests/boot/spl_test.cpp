// SPDX-License-Identifier: BSD-2-Clause
// Scenario spl: what the hardware is told of a level, in both styles.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

TEST(spl, a_lazy_level_tells_the_hardware_nothing_and_replays_once_what_it_caught) {
    for (unsigned harts : {1U, 4U}) {
        Outcome result = run({.harts = harts, .arguments = "scenario=spl trace=all"});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.count<trace::SplWrite>(), 0u);
        EXPECT_GT(result.count<trace::LineDefer>(), 0u);
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(spl, an_eager_level_is_written_twice_for_each_pair_and_catches_nothing) {
    Outcome result = run({.arguments = "scenario=spl spl=eager trace=all"});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_GE(result.count<trace::SplWrite>(), 20'000u);
    EXPECT_EQ(result.count<trace::LineDefer>(), 0u);
    EXPECT_EQ(result.problems(), "");
}

TEST(spl, both_styles_pass_in_every_model) {
    for (const char* model : {"model=thread", "model=classic"}) {
        Outcome result = run({.arguments = std::string("scenario=spl trace=irq ") + model});
        EXPECT_EQ(result.status, 0) << result.console;
    }
}

} // namespace
