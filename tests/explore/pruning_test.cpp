// SPDX-License-Identifier: BSD-2-Clause
// Pruning leaves departures out that only repeat others. Held against the search that leaves
// nothing out: whatever that one finds, the other finds as well, with as few departures.
#include "explore/program.hpp"

#include <gtest/gtest.h>

namespace explored {

namespace {

/// Few options, so that the whole of bound 2 is a matter of seconds.
std::string search(const std::string& what, unsigned bound) {
    return "--strategy exhaustive --no-ticks --no-late --bound " + std::to_string(bound) + " "
           + what;
}

class PruningOf : public testing::TestWithParam<std::pair<const char*, unsigned>> {};

} // namespace

TEST_P(PruningOf, finds_what_the_whole_search_finds) {
    auto [what, bound] = GetParam();
    std::string options = std::string("--scenario race ") + what;
    Answer pruned = explore(search(options, bound) + " --out " + scratch("pruned").string());
    Answer whole =
        explore(search(options, bound) + " --no-pruning --out " + scratch("whole").string());
    EXPECT_EQ(pruned.status, whole.status) << pruned.text << whole.text;
    // Deepening step by step: each bound that one of them has passed, the other has, too.
    for (const char* passed :
         {"at most 0 departures fails", "at most 1 departure fails", "at most 2 departures fails"})
        EXPECT_EQ(pruned.says(passed), whole.says(passed)) << pruned.text << whole.text;
    EXPECT_EQ(whole.number_before("pruned"), 0U) << whole.text;
    EXPECT_LE(pruned.number_before("schedules ("), whole.number_before("schedules ("));
}

TEST(Pruning, leaves_something_out) {
    Answer answer = explore(search("--scenario race --case rm", 1));
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_GT(answer.number_before("pruned)"), 0U) << answer.text;
}

INSTANTIATE_TEST_SUITE_P(Cases, PruningOf,
                         testing::Values(std::pair("--case rm", 1U), std::pair("--case rw", 1U),
                                         std::pair("--case rm --mutation skip_ipi", 2U),
                                         std::pair("--case mutex --mutation lost_exit", 2U),
                                         std::pair("--case lend --mutation forget_lender", 1U),
                                         std::pair("--case cv --mutation open_window", 1U)));

} // namespace explored
