// SPDX-License-Identifier: BSD-2-Clause
// A reader who does not keep up: lossless runs wait for him, live ones drop and say how many.
#include "boot/run.hpp"
#include "boot/slow_reader.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::SlowReader;

constexpr usize events_of_flood = 100'000; // its own; the run has some more

Outcome flood(const char* arguments) {
    SlowReader reader;
    Outcome outcome = boot_test::run(
        {.arguments = arguments, .icount = "", .events = false, .extra = reader.options()});
    boot_test::load(reader.finish(), outcome);
    return outcome;
}

TEST(reader, lossless_waits_and_accounts_for_the_wait) {
    Outcome outcome = flood("scenario=flood trace=lossless");

    EXPECT_EQ(outcome.status, 0) << outcome.console;
    EXPECT_EQ(outcome.problems(), "");
    EXPECT_GE(outcome.store->size(), events_of_flood);
    EXPECT_EQ(outcome.store->discarded(), 0u);
    EXPECT_GE(outcome.count<trace::ReaderWait>(), 1u);
    EXPECT_TRUE(outcome.store->newest().halted);
}

TEST(reader, live_drops_whole_events_counts_each_and_finds_its_feet_again) {
    Outcome outcome = flood("scenario=flood trace=live");

    EXPECT_EQ(outcome.status, 0) << outcome.console;
    EXPECT_GT(outcome.store->discarded(), 0u);
    EXPECT_GE(outcome.store->size() + outcome.store->discarded(), events_of_flood);
    EXPECT_EQ(outcome.count<trace::ReaderWait>(), 0u);
    for (const model::Problem& problem : outcome.store->problems())
        EXPECT_EQ(problem.kind, model::Problem::Kind::discarded) << problem.sentence;
}

} // namespace
