// SPDX-License-Identifier: BSD-2-Clause
// Lab 01: the starter fails, the reference gets everything, and each wrong answer loses exactly the
// points of what is wrong with it. The answers are in 01/.
#include "labs/grade.hpp"

#include <gmock/gmock.h>
#include <numeric>
#include <string>

namespace {

constexpr const char* lab = "01-first-interrupt";
const std::string answers = "tests/labs/01/";

/// What an answer must get. Points in the order of the grader's list:
/// compiles, ends, level, borrows, bytes, FIFO, completed, no switch.
struct Answer {
    const char* name;
    const char* end;
    std::vector<int> points;
    unsigned check;     // the check whose reason is looked at
    const char* reason; // a part of it
};

void PrintTo(const Answer& answer, std::ostream* out) {
    *out << answer.name;
}

class Lab01 : public testing::TestWithParam<Answer> {};

} // namespace

TEST_P(Lab01, an_answer_gets_exactly_its_points) {
    const Answer& answer = GetParam();
    std::string file = answer.name == std::string("starter") ? "labs/01-first-interrupt/handler.cpp"
                                                             : answers + answer.name + ".cpp";
    grading::Grade grade = grading::grade(lab, file, answer.name);
    ASSERT_FALSE(grade.json.is_null()) << grade.text;
    EXPECT_EQ(grade.status, 0) << grade.text;
    EXPECT_EQ(grade.json.at("end"), answer.end) << grade.text;
    EXPECT_EQ(grade.points(), answer.points) << grade.text;
    EXPECT_EQ(grade.json.at("points"),
              std::accumulate(answer.points.begin(), answer.points.end(), 0));
    EXPECT_THAT(grade.reason(answer.check), testing::HasSubstr(answer.reason)) << grade.text;
}

INSTANTIATE_TEST_SUITE_P(
    answers, Lab01,
    testing::Values(
        Answer{"reference", "halted", {1, 1, 2, 3, 4, 3, 3, 3}, 4, ""},
        Answer{"loses_a_count", "halted", {1, 1, 2, 3, 4, 3, 3, 3}, 4, ""},
        Answer{"starter", "halted", {1, 1, 0, 0, 0, 0, 0, 0}, 2, "no handler was ever attached"},
        Answer{"wrong_level", "halted", {1, 1, 0, 3, 4, 3, 3, 3}, 2, "attached at level bio"},
        Answer{"no_loop", "halted", {1, 1, 2, 3, 4, 0, 3, 3}, 5, "took 8 interrupts"},
        Answer{"stays_loud", "halted", {1, 1, 2, 3, 4, 0, 0, 3}, 6, "no handler said"},
        Answer{"counts_interrupts", "halted", {1, 1, 2, 3, 0, 3, 3, 3}, 4, "received"},
        Answer{"only_acknowledges", "halted", {1, 1, 2, 3, 0, 0, 3, 3}, 4, "0 received"},
        Answer{"never_sure", "halted", {1, 1, 2, 3, 4, 3, 0, 3}, 6, "no handler said"},
        Answer{"waits", "panicked", {1, 0, 2, 3, 0, 0, 0, 0}, 1, "cv_wait"},
        Answer{"polls", "out of time", {1, 0, 2, 3, 0, 0, 0, 0}, 6, "never completed"},
        Answer{"floods", "too many events", {1, 0, 2, 3, 0, 0, 0, 0}, 1, "over and over"},
        Answer{"does_not_compile", "not built", {0, 0, 0, 0, 0, 0, 0, 0}, 2, "not compile"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Grading, the_same_answer_gives_the_same_events_and_reasons) {
    grading::Grade first = grading::grade(lab, answers + "no_loop.cpp", "first");
    grading::Grade second = grading::grade(lab, answers + "no_loop.cpp", "second");
    ASSERT_FALSE(first.json.is_null()) << first.text;
    ASSERT_FALSE(second.json.is_null()) << second.text;
    EXPECT_EQ(first.json.at("checks"), second.json.at("checks"));
    EXPECT_EQ(first.json.at("events"), second.json.at("events"));
}

TEST(Grading, what_the_compiler_said_reaches_the_student) {
    grading::Grade grade = grading::grade(lab, answers + "does_not_compile.cpp", "compiler");
    EXPECT_THAT(grade.text, testing::HasSubstr("data_redy"));
}

TEST(Grading, the_trace_of_a_failing_run_is_kept) {
    grading::Grade grade = grading::grade(lab, answers + "no_loop.cpp", "kept");
    ASSERT_FALSE(grade.json.is_null()) << grade.text;
    std::string trace = grade.json.at("trace");
    EXPECT_THAT(grade.text, testing::HasSubstr("interlude open " + trace));
}
