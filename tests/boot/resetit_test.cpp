// SPDX-License-Identifier: BSD-2-Clause
// Scenario resetit (S1.13, S1.14) under the three policies: harmless, or a deadlock that is told
// with both names.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

TEST(Resetit, with_callout_halt_it_is_harmless) {
    for (unsigned harts : {2U, 4U}) {
        Outcome result = run({.harts = harts, .arguments = "scenario=resetit"});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(Resetit, with_callout_wait_it_is_a_deadlock_that_is_told) {
    for (unsigned harts : {1U, 2U, 4U}) {
        Outcome result = run({.harts = harts, .arguments = "scenario=resetit callout=wait"});
        EXPECT_EQ(result.status, 1) << result.console;
        EXPECT_NE(result.console.find("panic: deadlock: softclock/"), std::string::npos)
            << result.console;
        EXPECT_NE(result.console.find("waits for lock, which scenario holds; scenario waits for "
                                      "callout ch, which softclock/"),
                  std::string::npos)
            << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(Resetit, with_callout_spin_it_is_a_deadlock_on_another_hart) {
    Outcome result = run({.harts = 2, .arguments = "scenario=resetit callout=spin lockcheck=on"});
    EXPECT_EQ(result.status, 1) << result.console;
    EXPECT_NE(result.console.find("deadlock"), std::string::npos) << result.console;
}

TEST(Resetit, as_printed_the_function_enters_its_lock_twice) {
    for (const char* policy : {"halt", "wait", "spin"}) {
        Outcome result =
            run({.arguments = std::string("scenario=resetit case=literal callout=") + policy});
        EXPECT_EQ(result.status, 1) << result.console;
        EXPECT_NE(result.console.find("owns already"), std::string::npos) << result.console;
    }
}

TEST(Resetit, with_the_lock_as_the_callouts_own_no_policy_has_to_wait) {
    for (const char* policy : {"halt", "wait", "spin"}) {
        Outcome result =
            run({.harts = 2,
                 .arguments = std::string("scenario=resetit case=associated callout=") + policy});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

} // namespace
