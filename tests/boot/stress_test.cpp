// SPDX-License-Identifier: BSD-2-Clause
// Scenario stress: everything at once, in every model, and no checker finds anything.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

struct Machine {
    unsigned harts;
    const char* model;
};

class Machines : public testing::TestWithParam<Machine> {};

TEST_P(Machines, everything_at_once_breaks_no_promise_and_no_rule) {
    auto result = boot_test::run(
        {.harts = GetParam().harts,
         .arguments = std::string("scenario=stress trace=none model=") + GetParam().model,
         .events = false});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_NE(result.console.find("stress: passed"), std::string::npos) << result.console;
}

INSTANTIATE_TEST_SUITE_P(stress, Machines,
                         testing::Values(Machine{1, "borrow"}, Machine{2, "classic"},
                                         Machine{4, "borrow"}, Machine{4, "thread"},
                                         Machine{8, "borrow"}));

} // namespace
