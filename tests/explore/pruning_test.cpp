// SPDX-License-Identifier: BSD-2-Clause
// Pruning leaves departures out that only repeat others. Held against the search that leaves
// nothing out: whatever that one finds, the other finds as well, with as few departures; and of all
// that the harts can do in that many departures, nothing is missed, behaviour by behaviour
// (visualizer/explore/behaviour.hpp).
//
// Without the lock checker, which looks at what other LWPs wait for while they write it, on purpose
// (kernel/lockcheck/wait.cpp): such plain data is what pruning takes for protected.
#include "explore/program.hpp"

#include <gtest/gtest.h>

namespace explored {

namespace {

Answer search(const std::string& what, const std::string& rule) {
    return explore("--strategy exhaustive --scenario race -p lockcheck=off " + what + " --pruning "
                   + rule + " --out " + scratch("pruning").string());
}

std::string passed(unsigned bound) {
    return "at most " + std::to_string(bound) + (bound == 1 ? " departure" : " departures")
           + " fails";
}

/// Of the deepest bound.
unsigned long behaviours(const Answer& answer) {
    Answer last{.status = 0, .text = answer.text.substr(answer.text.rfind("no run with"))};
    return last.number_before("behaviours");
}

struct Broken {
    const char* rule;
    const char* what;
};

class PruningOf : public testing::TestWithParam<const char*> {};
class PruningOfFailures : public testing::TestWithParam<const char*> {};
class WrongPruning : public testing::TestWithParam<Broken> {};

} // namespace

TEST_P(PruningOf, misses_no_behaviour) {
    Answer pruned = search(GetParam(), "sound"), whole = search(GetParam(), "none");
    ASSERT_EQ(whole.status, 0) << whole.text;
    ASSERT_EQ(pruned.status, 0) << pruned.text;
    EXPECT_GT(behaviours(whole), 1U) << whole.text;
    EXPECT_EQ(behaviours(pruned), behaviours(whole)) << pruned.text << whole.text;
    EXPECT_GT(pruned.number_before("pruned)"), 0U) << pruned.text;
    EXPECT_EQ(whole.number_before("pruned)"), 0U) << whole.text;
}

TEST_P(PruningOfFailures, finds_what_the_whole_search_finds) {
    Answer pruned = search(GetParam(), "sound"), whole = search(GetParam(), "none");
    EXPECT_EQ(whole.status, 1) << whole.text;
    EXPECT_EQ(pruned.status, 1) << pruned.text;
    // Deepening step by step: each bound that one of them has passed, the other has, too.
    for (unsigned bound = 0; bound <= 3; bound++)
        EXPECT_EQ(pruned.says(passed(bound)), whole.says(passed(bound)))
            << pruned.text << whole.text;
}

TEST_P(WrongPruning, misses_behaviours) {
    auto [rule, what] = GetParam();
    Answer wrong = search(what, rule), sound = search(what, "sound");
    EXPECT_LT(behaviours(wrong), behaviours(sound)) << wrong.text << sound.text;
}

// More of them, and deeper ones, agreed when this was written: docs/measurements.md.
INSTANTIATE_TEST_SUITE_P(
    Cases, PruningOf,
    testing::Values(
        // one departure of any kind
        "--bound 1 --case handler", "--bound 1 --case softint", "--bound 1 --case callout",
        "--bound 1 --case mutex -p model=thread",
        // two, where harts are left standing; with signals, stores held back, three harts
        "--bound 2 --no-ticks --no-late --case mutex",
        "--bound 2 --no-ticks --no-late --case biglock",
        "--bound 2 --no-ticks --no-late --stores --case flags-swapped -p trace=none",
        "--bound 2 --no-ticks --no-late --harts 3 --case flags-plain -p trace=none"));

INSTANTIATE_TEST_SUITE_P(
    Cases, PruningOfFailures,
    testing::Values("--bound 2 --no-ticks --no-late --case rm --mutation skip_ipi",
                    "--bound 2 --case mutex --mutation lost_exit",
                    "--bound 2 --no-ticks --no-late --case lend --mutation forget_lender",
                    "--bound 2 --case callout --mutation unmarked_run",
                    "--bound 2 --case own --mutation own_hart_slips",
                    "--bound 3 --no-ticks --no-late --stores --case flags-plain -p trace=none"));

INSTANTIATE_TEST_SUITE_P(
    Rules, WrongPruning,
    testing::Values(Broken{"careless_look", "--bound 2 --no-ticks --no-late --case mutex"},
                    Broken{"deaf", "--bound 2 --no-ticks --no-late --case rm"},
                    Broken{"undelayed",
                           "--bound 2 --no-ticks --no-late --stores --case flags-swapped "
                           "-p trace=none"}),
    [](const auto& row) { return row.param.rule; });

} // namespace explored
