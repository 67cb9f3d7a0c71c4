// SPDX-License-Identifier: BSD-2-Clause
// Scenario halves: the same work inline, in a softint and in a kernel LWP.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

TEST(halves, the_work_is_done_once_wherever_it_is_done_in_every_model) {
    for (const char* model : {"borrow", "thread", "classic"}) {
        Outcome result = run({.arguments = std::string("scenario=halves model=") + model});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_NE(result.console.find("kernel LWP"), std::string::npos) << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(halves, on_many_harts_the_halves_stay_on_the_hart_of_the_port) {
    Outcome result = run({.harts = 4, .arguments = "scenario=halves"});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
}

} // namespace
