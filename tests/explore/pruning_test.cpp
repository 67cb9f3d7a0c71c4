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

class Pruning : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(Pruning, finds_what_the_whole_search_finds) {
    std::string what = std::string("--scenario race ") + GetParam();
    Answer pruned = explore(search(what, 2) + " --out " + scratch("pruned").string());
    Answer whole = explore(search(what, 2) + " --no-pruning --out " + scratch("whole").string());
    EXPECT_EQ(pruned.status, whole.status) << pruned.text << whole.text;
    // Deepening step by step: each bound that one of them has passed, the other has, too.
    for (const char* bound :
         {"at most 0 departures fails", "at most 1 departure fails", "at most 2 departures fails"})
        EXPECT_EQ(pruned.says(bound), whole.says(bound)) << pruned.text << whole.text;
    if (whole.status == 0) {
        EXPECT_LT(pruned.number_before("schedules ("), whole.number_before("schedules ("));
        EXPECT_EQ(whole.number_before("pruned"), 0U) << whole.text;
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, Pruning,
                         testing::Values("--case rm", "--case rm --mutation skip_ipi",
                                         "--case mutex --mutation lost_exit",
                                         "--case lend --mutation forget_lender",
                                         "--case rw --mutation pass_writer"));

} // namespace explored
