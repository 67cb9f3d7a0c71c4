// SPDX-License-Identifier: BSD-2-Clause
// Scenario selftest: the lock checker finds all that it must and nothing else, in every model.
#include "boot/run.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace {

class Models : public testing::TestWithParam<const char*> {};

TEST_P(Models, every_case_of_the_self_test_comes_out_as_it_must) {
    auto result = boot_test::run(
        {.harts = 2, .arguments = std::string("scenario=selftest model=") + GetParam()});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_NE(result.console.find(" expected, 0 unexpected"), std::string::npos) << result.console;
    EXPECT_EQ(result.count<trace::Report>(), 0u) << result.console;
    // An LWP whose use of a lock is refused ends where it is, with whatever it holds.
    std::istringstream problems(result.problems());
    for (std::string problem; std::getline(problems, problem);)
        EXPECT_NE(problem.find(" exits holding "), std::string::npos) << problem;
}

INSTANTIATE_TEST_SUITE_P(selftest, Models, testing::Values("borrow", "thread", "classic"));

} // namespace
