// SPDX-License-Identifier: BSD-2-Clause
#include "explore/corpus.hpp"
#include "explore/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

namespace explored {

namespace {

constexpr unsigned long survived = 500; // schedules, for each search
constexpr long short_enough = 30; // departures; it was 14 at worst, and 144 by leaving out alone

std::string name_of(hart::Mutation mutation) {
    return hart::mutation_names[static_cast<size_t>(mutation)];
}

long departures_in(const std::filesystem::path& schedule) {
    std::ifstream file(schedule);
    long count = 0;
    for (std::string line; std::getline(file, line);)
        count += line.starts_with("hart ") ? 1 : 0;
    return count;
}

/// What the visualizer must not find impossible in the trace of a found bug.
void expect_its_story(hart::Mutation mutation, const std::filesystem::path& trace) {
    Answer answer = explore("check " + trace.string(), "interlude");
    EXPECT_GT(answer.number_before("events, "), 0U) << answer.text;
    const auto* known =
        std::find_if(std::begin(contradictions), std::end(contradictions),
                     [&](const Contradiction& one) { return one.mutation == mutation; });
    if (known == std::end(contradictions)) {
        EXPECT_EQ(answer.status, 0) << answer.text;
        return;
    }
    std::stringstream lines(answer.text);
    for (std::string line; std::getline(lines, line);) {
        bool impossible = line.starts_with("event ");
        EXPECT_TRUE(!impossible || line.find(known->about) != std::string::npos)
            << known->why << "; but: " << line;
    }
}

class Corpus : public testing::TestWithParam<Bug> {};
class Unbroken : public testing::TestWithParam<Search> {};

} // namespace

TEST_P(Corpus, each_bug_is_found_within_its_budget_and_its_trace_can_be_believed) {
    const Bug& bug = GetParam();
    auto trace = scratch("bug-" + name_of(bug.mutation));
    Answer answer =
        explore(std::string(bug.search) + " --mutation " + name_of(bug.mutation) + " --budget "
                + std::to_string(bug.budget) + " --out " + trace.string());
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_TRUE(answer.says("FOUND")) << answer.text;
    EXPECT_LE(departures_in(trace.string() + ".schedule"), short_enough) << answer.text;
    expect_its_story(bug.mutation, trace);
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

// What the kernel says when it is asked for something that is not there.
TEST(Searches, every_scenario_has_a_row) {
    std::string known = explore("--scenario nonsense").text;
    size_t begin = known.find("there are ");
    ASSERT_NE(begin, std::string::npos) << known;
    std::stringstream names(known.substr(begin + strlen("there are ")));
    unsigned count = 0;
    for (std::string name; names >> name; count++) {
        name.erase(name.find_last_not_of(",.") + 1);
        auto is_it = [&](const Search& row) {
            return (row.options + std::string(" ")).find("--scenario " + name + " ")
                   != std::string::npos;
        };
        EXPECT_TRUE(std::any_of(std::begin(searches), std::end(searches), is_it)
                    || std::any_of(std::begin(labs), std::end(labs), is_it))
            << name;
    }
    EXPECT_GE(count, 18U) << known;
}

TEST(Searches, every_case_of_race_has_a_row_or_an_excuse) {
    Answer answer = explore("--scenario race --case nonsense");
    size_t begin = answer.text.find("only all, ");
    ASSERT_NE(begin, std::string::npos) << answer.text;
    std::string line = answer.text.substr(begin, answer.text.find('\n', begin) - begin);
    std::stringstream names(line.substr(strlen("only all, ")));
    unsigned count = 0;
    for (std::string name; names >> name; count++) {
        name.erase(name.find_last_not_of(",.") + 1);
        auto is_it = [&](const Search& row) {
            return (row.options + std::string(" ")).find("--case " + name + " ")
                   != std::string::npos;
        };
        auto is_broken = [&](const Broken& one) { return one.name == name; };
        EXPECT_NE(std::any_of(std::begin(searches), std::end(searches), is_it),
                  std::any_of(std::begin(broken_cases), std::end(broken_cases), is_broken))
            << name;
    }
    EXPECT_EQ(count, 31U) << line;
}

TEST(Corpus, every_mutation_has_a_row) {
    for (size_t i = 1; i < std::size(hart::mutation_names); i++)
        EXPECT_TRUE(std::any_of(std::begin(corpus), std::end(corpus), [i](const Bug& bug) {
            return static_cast<size_t>(bug.mutation) == i;
        })) << hart::mutation_names[i];
}

} // namespace explored
