// SPDX-License-Identifier: BSD-2-Clause
// Scenario selftest: the lock checker finds all that it must and nothing else, in every model.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

class Models : public testing::TestWithParam<const char*> {};

TEST_P(Models, every_case_of_the_self_test_comes_out_as_it_must) {
    auto result = boot_test::run(
        {.harts = 2, .arguments = std::string("scenario=selftest model=") + GetParam()});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_NE(result.console.find(" expected, 0 unexpected"), std::string::npos) << result.console;
    EXPECT_EQ(result.count<trace::Report>(), 0u) << result.console;
    EXPECT_EQ(result.problems(), "");
}

INSTANTIATE_TEST_SUITE_P(selftest, Models, testing::Values("borrow", "thread", "classic"));

} // namespace
