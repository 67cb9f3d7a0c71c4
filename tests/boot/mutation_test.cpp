// SPDX-License-Identifier: BSD-2-Clause
// Broken primitives on the real machine: the scenarios that check them fail, and say why.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

Outcome run_broken(const std::string& arguments) {
    return run({.arguments = arguments, .kernel = "build/kernel-mutable.elf", .events = false});
}

/// With this bug switched on the run fails, and says so.
void expect_found(const std::string& arguments, const std::string& sentence) {
    Outcome result = run_broken(arguments);
    EXPECT_EQ(result.status, 1) << result.console;
    EXPECT_NE(result.console.find(sentence), std::string::npos) << result.console;
}

TEST(mutation, a_lock_checker_that_learns_no_orders_fails_its_self_test) {
    expect_found("scenario=selftest mutation=blind_order", "selftest: FAILED");
}

TEST(mutation, a_spin_mutex_that_a_handler_leaks_is_named_at_the_handlers_end) {
    expect_found("scenario=stress model=classic mutation=leaked_spin", "uart0 returned with");
}

TEST(mutation, a_spin_mutex_that_does_not_raise_the_level_meets_its_own_handler) {
    expect_found("scenario=stress model=classic mutation=level_not_raised",
                 "port was last entered by");
}

TEST(mutation, the_mutable_kernel_passes_with_none) {
    Outcome result = run_broken("scenario=selftest mutation=none");
    EXPECT_EQ(result.status, 0) << result.console;
}

TEST(mutation, the_kernel_that_ships_refuses_and_says_how_to_build_one_that_does_not) {
    Outcome result = run({.arguments = "mutation=blind_order", .events = false});
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.console.find("make kernel MUTABLE=1"), std::string::npos) << result.console;
}

} // namespace
