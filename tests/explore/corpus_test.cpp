// SPDX-License-Identifier: BSD-2-Clause
#include "explore/corpus.hpp"
#include "explore/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace explored {

namespace {

constexpr unsigned long survived = 500; // schedules, for each search

std::string name_of(hart::Mutation mutation) {
    return hart::mutation_names[static_cast<size_t>(mutation)];
}

class Corpus : public testing::TestWithParam<Bug> {};
class Unbroken : public testing::TestWithParam<Search> {};

} // namespace

TEST_P(Corpus, each_bug_is_found_within_its_budget) {
    const Bug& bug = GetParam();
    auto trace = scratch("bug-" + name_of(bug.mutation));
    Answer answer =
        explore(std::string(bug.search) + " --mutation " + name_of(bug.mutation) + " --budget "
                + std::to_string(bug.budget) + " --out " + trace.string());
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_TRUE(answer.says("FOUND")) << answer.text;
}

INSTANTIATE_TEST_SUITE_P(Bugs, Corpus, testing::ValuesIn(corpus),
                         [](const auto& row) { return name_of(row.param.mutation); });

TEST_P(Unbroken, nothing_is_found_where_nothing_is_broken) {
    Answer answer =
        explore(std::string(GetParam().options) + " --budget " + std::to_string(survived));
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_EQ(answer.number_before("schedules ("), survived) << answer.text;
}

INSTANTIATE_TEST_SUITE_P(Searches, Unbroken, testing::ValuesIn(searches),
                         [](const auto& row) { return row.param.name; });

TEST(Corpus, every_mutation_has_a_row) {
    for (size_t i = 1; i < std::size(hart::mutation_names); i++)
        EXPECT_TRUE(std::any_of(std::begin(corpus), std::end(corpus), [i](const Bug& bug) {
            return static_cast<size_t>(bug.mutation) == i;
        })) << hart::mutation_names[i];
}

} // namespace explored
