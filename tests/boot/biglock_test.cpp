// SPDX-License-Identifier: BSD-2-Clause
// Scenario biglock: kernel_lock and mutexes in both orders, sleeping holders, old and new drivers.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

class Biglock : public testing::TestWithParam<unsigned> {};

TEST_P(Biglock, keeps_its_promises_and_every_event_is_possible) {
    Outcome result = run({.harts = GetParam(), .arguments = "scenario=biglock"});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.broken_invariants(), "");
    EXPECT_GE(result.count<trace::PreemptRefused>(), 1u);
}

INSTANTIATE_TEST_SUITE_P(boot, Biglock, testing::Values(1, 2, 4, 8));

TEST(biglock, in_every_model_the_scenario_keeps_its_promises) {
    for (const char* model : {"thread", "classic"}) {
        Outcome result =
            run({.harts = 2, .arguments = std::string("scenario=biglock model=") + model});
        EXPECT_EQ(result.status, 0) << model << result.console;
        EXPECT_EQ(result.problems(), "") << model;
    }
}

TEST(biglock, without_preemption_there_is_nothing_to_refuse) {
    Outcome result = run({.harts = 2, .arguments = "scenario=biglock preempt=off"});
    EXPECT_EQ(result.status, 0) << result.console;
}

TEST(biglock, a_spin_mutex_held_makes_wanting_it_a_panic) {
    Outcome result = run({.harts = 2, .arguments = "scenario=biglock case=spin"});
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.console.find("kernel_lock is wanted by scenario with a spin mutex held"),
              std::string::npos)
        << result.console;
}

} // namespace
