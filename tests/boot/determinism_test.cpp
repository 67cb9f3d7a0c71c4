// SPDX-License-Identifier: BSD-2-Clause
// The same image, scenario and seed give the same bytes, run after run.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::run;

class Repeatable : public testing::TestWithParam<unsigned> {};

TEST_P(Repeatable, the_same_run_gives_the_same_bytes) {
    boot_test::Outcome first = run({.harts = GetParam(), .arguments = "scenario=tour seed=7"});
    ASSERT_EQ(first.status, 0) << first.console;
    ASSERT_GT(first.store->size(), 100u);

    for (int again = 0; again < 3; again++) {
        boot_test::Outcome other = run({.harts = GetParam(), .arguments = "scenario=tour seed=7"});
        EXPECT_TRUE(other.events == first.events) << "run " << again << " differs";
    }
}

TEST_P(Repeatable, another_seed_gives_another_run) {
    boot_test::Outcome first = run({.harts = GetParam(), .arguments = "scenario=tour seed=7"});
    boot_test::Outcome other = run({.harts = GetParam(), .arguments = "scenario=tour seed=8"});

    EXPECT_FALSE(other.events == first.events);
}

INSTANTIATE_TEST_SUITE_P(determinism, Repeatable, testing::Values(1, 4));

} // namespace
