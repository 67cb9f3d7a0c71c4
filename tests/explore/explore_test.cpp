// SPDX-License-Identifier: BSD-2-Clause
#include "explore/program.hpp"
#include "load/trace_reader.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace explored {

namespace {

constexpr const char* broken = "--scenario race --case mutex --mutation lost_exit";

/// A failure to look at: its trace, and beside it its schedule.
std::filesystem::path find_one(const std::string& name) {
    auto trace = scratch(name);
    Answer answer = explore(std::string(broken) + " --out " + trace.string());
    EXPECT_EQ(answer.status, 1) << answer.text;
    return trace;
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void replace(std::string& text, const std::string& what, const std::string& by) {
    size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at, what.size(), by);
}

} // namespace

TEST(Explore, the_number_of_workers_does_not_change_what_is_found) {
    std::string one =
        explore(std::string(broken) + " --workers 1 --out " + scratch("one-worker").string()).text;
    std::string three =
        explore(std::string(broken) + " --workers 3 --out " + scratch("three-workers").string())
            .text;
    auto found = [](const std::string& text) {
        return text.substr(text.find("found after"), text.find(" (in") - text.find("found after"));
    };
    EXPECT_EQ(found(one), found(three));
}

TEST(Explore, the_number_of_workers_does_not_change_where_a_budget_ends) {
    auto found = [](unsigned workers, unsigned budget) {
        Answer answer = explore(std::string(broken) + " --strategy exhaustive --workers "
                                + std::to_string(workers) + " --budget " + std::to_string(budget)
                                + " --out " + scratch("budget").string());
        return answer.status == 1 ? answer.number_before("schedules; 1 preemption, shortened") : 0;
    };
    unsigned long enough = found(1, 1000);
    ASSERT_GT(enough, 10U);
    for (unsigned workers : {1U, 3U}) {
        EXPECT_EQ(found(workers, enough), enough);
        EXPECT_EQ(found(workers, enough - 1), 0U);
    }
}

TEST(Explore, an_exhaustive_search_that_its_budget_ends_says_which_bound_it_completed) {
    auto search = [](const std::string& more) {
        return explore("--scenario race --case mutex --strategy exhaustive" + more);
    };
    Answer all = search(" --bound 1");
    EXPECT_FALSE(all.says("not all")) << all.text;
    unsigned long one = all.number_before("schedules run, ");
    ASSERT_GT(one, 10U) << all.text;
    EXPECT_FALSE(search(" --bound 1 --budget " + std::to_string(one + 1)).says("not all"));

    Answer less = search(" --budget " + std::to_string(one + 101));
    EXPECT_EQ(less.status, 0) << less.text;
    EXPECT_TRUE(less.says("no run with at most 1 departure fails")) << less.text;
    EXPECT_FALSE(less.says("no run with at most 2")) << less.text;
    EXPECT_TRUE(less.says("of those with at most 2 departures, 100 schedules run, not all: the "
                          "budget is used up"))
        << less.text;
    EXPECT_EQ(less.number_before("schedules ("), one + 101) << less.text;
}

TEST(Explore, a_schedule_fails_again_and_again_in_the_same_way) {
    auto trace = find_one("again");
    std::string schedule = text_of(trace.string() + ".schedule");
    for (int time = 0; time < 2; time++) {
        auto again = scratch("again-replayed");
        Answer answer = explore("--replay " + trace.string() + ".schedule --out " + again.string());
        EXPECT_EQ(answer.status, 1) << answer.text;
        EXPECT_EQ(text_of(again.string() + ".schedule"), schedule);
    }
}

TEST(Explore, a_schedule_says_so_when_the_kernel_has_changed) {
    auto trace = find_one("changed");
    std::string schedule = text_of(trace.string() + ".schedule");
    replace(schedule, " mutation=lost_exit", "");
    std::ofstream(trace.string() + ".schedule") << schedule;
    Answer answer = explore("--replay " + trace.string() + ".schedule");
    EXPECT_EQ(answer.status, 3) << answer.text;
    EXPECT_TRUE(answer.says("has changed")) << answer.text;
    EXPECT_TRUE(answer.says("it passes")) << answer.text;
}

namespace {

class Shortened : public testing::TestWithParam<const char*> {};

std::string kind_of(const std::string& failure) {
    return failure.substr(0, failure.find(':'));
}

} // namespace

TEST_P(Shortened, fails_in_the_same_way_and_without_any_of_its_departures_it_does_not) {
    auto trace = scratch("short");
    Answer found =
        explore(std::string("--scenario race ") + GetParam() + " --out " + trace.string());
    ASSERT_EQ(found.status, 1) << found.text;
    EXPECT_FALSE(found.says("not yet minimal")) << found.text;
    std::string schedule = text_of(trace.string() + ".schedule");
    size_t failure = schedule.find("\nfailure ") + 9;
    std::string kind = kind_of(schedule.substr(failure));
    EXPECT_TRUE(found.says("FOUND " + kind)) << found.text;
    size_t line = schedule.find("\nhart ");
    ASSERT_NE(line, std::string::npos) << "a failure without departures shows nothing here";
    for (; line != std::string::npos; line = schedule.find("\nhart ", line + 1)) {
        std::string shorter = schedule;
        shorter.erase(line, shorter.find('\n', line + 1) - line);
        std::ofstream(trace.string() + ".shorter") << shorter;
        Answer answer =
            explore("--replay " + trace.string() + ".shorter --out " + scratch("shorter").string());
        EXPECT_FALSE(answer.says("\n" + kind + ":")) << answer.text;
    }
}

INSTANTIATE_TEST_SUITE_P(Failures, Shortened,
                         testing::Values("--case lend --mutation forget_lender",
                                         "--case timeout --harts 3 --mutation stale_timeout",
                                         "--case cv --mutation open_window",
                                         "--case rm --mutation skip_ipi"));

TEST(Explore, the_trace_of_a_failure_is_one_that_the_visualizer_finds_nothing_wrong_with) {
    auto trace = find_one("trace");
    model::Store store;
    load::TraceReader reader(trace, store);
    ASSERT_TRUE(reader.read_all()) << reader.error();
    EXPECT_EQ(store.problem_count(), 0U);
    EXPECT_TRUE(store.newest().panicked);
    model::State state;
    bool captioned = false;
    for (size_t i = 0; i < store.size(); i++) {
        model::Event event = store.event(i);
        EXPECT_FALSE(state.apply(event.record, event.hart)) << i;
        EXPECT_TRUE(state.check().empty()) << i;
        if (trace::record_id(event.record) == trace::id_of<trace::Phase>)
            captioned = captioned
                        || store.names()
                               .of(trace::unpack<trace::Phase>(event.record).text)
                               .starts_with("found after ");
    }
    EXPECT_TRUE(captioned);
}

TEST(Explore, what_cannot_be_done_is_refused_with_a_sentence) {
    Answer mutation = explore("--scenario race --mutation nonsense");
    EXPECT_EQ(mutation.status, 2);
    EXPECT_TRUE(mutation.says("mutation=nonsense")) << mutation.text;
    EXPECT_EQ(explore("--scenario nonsense").status, 2);
    Answer absent = explore("--replay /nonexistent");
    EXPECT_EQ(absent.status, 2);
    EXPECT_TRUE(absent.says("runs/*.schedule")) << absent.text;
    auto file = scratch("no-schedule");
    std::ofstream(file) << "interlude schedule 1\nhart 0 point x\n";
    Answer schedule = explore("--replay " + file.string());
    EXPECT_EQ(schedule.status, 2);
    EXPECT_TRUE(schedule.says("line 2")) << schedule.text;
}

// That there is no such case is known only when the scenario runs.
TEST(Explore, a_case_that_does_not_exist_is_refused_and_nothing_is_written) {
    auto trace = scratch("no-such-case");
    for (const char* way : {"", " --once"}) {
        Answer answer = explore("--scenario race --case nonsense --out " + trace.string() + way);
        EXPECT_EQ(answer.status, 2) << answer.text;
        EXPECT_TRUE(answer.says("the kernel says: scenario race has no such case, only all, mutex"))
            << answer.text;
        EXPECT_FALSE(answer.says("FOUND")) << answer.text;
        EXPECT_FALSE(std::filesystem::exists(trace));
    }
}

TEST(Explore, a_command_line_that_is_not_understood_ends_every_program_with_status_2) {
    for (const char* program : {"explore", "interlude", "grade-01-first-interrupt"}) {
        EXPECT_EQ(explore("--no-such-option", program).status, 2) << program;
        EXPECT_EQ(explore("--help", program).status, 0) << program;
    }
    EXPECT_EQ(explore("--strategy guess").status, 2);
    EXPECT_EQ(explore("run --harts many", "interlude").status, 2);
    EXPECT_EQ(explore("check /nonexistent", "interlude").status, 1) << "a subcommand's own";
}

TEST(Explore, a_search_that_is_cancelled_says_how_far_it_came) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "explore";
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(program.c_str(), program.c_str(), "--scenario", "race", "--case", "mutex", "--budget",
              "100000000", nullptr);
        _exit(99);
    }
    close(ends[1]);
    char first[16];
    ASSERT_GT(read(ends[0], first, sizeof first), 0); // it has begun
    kill(child, SIGINT);
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    EXPECT_EQ(WEXITSTATUS(how), 130);
    close(ends[0]);
}

} // namespace explored
