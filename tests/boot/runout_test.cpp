// SPDX-License-Identifier: BSD-2-Clause
// Scenario runout: a level without interrupt LWPs is noticed and reported, and a second one cures
// it.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

constexpr const char* report = "in uart0, waits for buffer, which holder has";

TEST(runout, with_one_lwp_it_is_an_event_and_then_a_report_that_names_lock_and_owner) {
    for (unsigned harts : {1U, 4U}) {
        Outcome result = run({.harts = harts, .arguments = "scenario=runout pool=1"});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.count<trace::RunOut>(), 1u);
        EXPECT_GT(result.count<trace::Report>(), 0u);
        EXPECT_NE(result.console.find(report), std::string::npos) << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(runout, a_second_lwp_or_a_thread_for_each_line_cures_it) {
    for (const char* arguments : {"scenario=runout pool=2", "scenario=runout model=thread"}) {
        Outcome result = run({.arguments = arguments});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.count<trace::RunOut>(), 0u);
        EXPECT_EQ(result.count<trace::Report>(), 0u);
    }
}

TEST(runout, a_level_that_is_held_off_as_a_whole_is_not_cured_by_a_second_lwp) {
    Outcome result = run({.arguments = "scenario=runout pool=2 mask=level"});
    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.count<trace::RunOut>(), 0u);
    EXPECT_EQ(result.count<trace::BaseLevel>(), 2u);
    EXPECT_NE(result.console.find(report), std::string::npos) << result.console;
}

} // namespace
