// SPDX-License-Identifier: BSD-2-Clause
// A race finder under way: its notices, its end in every way, and that nothing is left of it.
#include "session/finder.hpp"
#include "support.hpp"

#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <sys/wait.h>

namespace session {

namespace fs = std::filesystem;
using Phase_ = SearchState::Phase;

class FinderTest : public SessionTest {
protected:
    /// A program that behaves as the body says; $notice is where its notices go.
    SearchProgram program(const std::string& body) const {
        fs::path file = place / "explore";
        std::ofstream(file)
            << "#!/bin/bash\n"
               "for word; do case $word in --notices=*) fd=${word#*=};; esac; done\n"
               "notice=/proc/self/fd/$fd\n"
            << body << '\n';
        fs::permissions(file, fs::perms::owner_all);
        return {"", file, {}};
    }
    static SearchProgram real(const std::string& scenario) {
        return {"", build_directory() / "explore", {scenario}};
    }

    void run_until(Finder& finder, const std::function<bool()>& reached) const {
        auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!reached() && std::chrono::steady_clock::now() < deadline) {
            finder.poll();
            usleep(1000);
        }
        ASSERT_TRUE(reached()) << finder.state().message << finder.state().output;
    }
    void run_to_end(Finder& finder) const {
        run_until(finder, [&] { return !finder.state().active(); });
    }
    void search_in_race_mutex(Finder& finder, const SearchWish& wish,
                              const std::vector<std::string>& more = {}) const {
        SearchProgram explore = real("--scenario=race");
        explore.arguments.emplace_back("--case=mutex");
        explore.arguments.insert(explore.arguments.end(), more.begin(), more.end());
        finder.start(wish, explore);
        run_to_end(finder);
    }

    static bool is_gone(pid_t id) {
        std::ifstream file("/proc/" + std::to_string(id) + "/stat");
        std::string stat((std::istreambuf_iterator<char>(file)), {});
        usize name_end = stat.rfind(')');
        return name_end == std::string::npos || stat[name_end + 2] == 'Z';
    }
    static std::vector<pid_t> children_of(pid_t parent) {
        std::vector<pid_t> children;
        for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
            if (std::atoi(entry.path().filename().c_str()) == 0)
                continue; // no process
            std::ifstream file(entry.path() / "stat");
            std::string stat((std::istreambuf_iterator<char>(file)), {});
            pid_t of = 0;
            usize name_end = stat.rfind(')');
            if (name_end != std::string::npos
                && std::sscanf(stat.c_str() + name_end + 1, " %*c %d", &of) == 1 && of == parent)
                children.push_back(std::atoi(entry.path().filename().c_str()));
        }
        return children;
    }
    [[nodiscard]] pid_t number_in(const char* name) const {
        pid_t number = 0;
        std::ifstream(place / name) >> number;
        return number;
    }
};

TEST_F(FinderTest, notices_say_how_far_it_is_and_what_it_found) {
    Finder finder;
    finder.start({}, program("echo usual 552 > $notice\n"
                             "echo progress 1234 0.5 1300 100000 1 > $notice\n"
                             "sleep 1000"));
    run_until(finder, [&] { return finder.state().schedules != 0 || !finder.state().active(); });
    EXPECT_EQ(finder.state().schedules, 1234u);
    EXPECT_EQ(finder.state().points, 552u);
    EXPECT_EQ(finder.state().begun, 1300u);
    EXPECT_EQ(finder.state().items, 100'000u);
    EXPECT_DOUBLE_EQ(finder.state().rate(), 2468);
}

TEST_F(FinderTest, a_real_bug_is_found_with_its_caption_its_departures_and_its_trace) {
    Finder finder;
    search_in_race_mutex(finder, {},
                         {"--mutation=lost_exit", "--out=" + (place / "found").string()});
    const SearchState& state = finder.state();
    ASSERT_EQ(state.phase, Phase_::found) << state.message << state.output;
    EXPECT_TRUE(state.failure.starts_with("panic: ")) << state.failure;
    EXPECT_TRUE(state.caption.starts_with("found after ")) << state.caption;
    EXPECT_FALSE(state.departures.empty());
    EXPECT_EQ(state.trace, place / "found");
    EXPECT_TRUE(fs::exists(state.trace / "metadata"));
    EXPECT_TRUE(fs::exists(state.schedule));
}

TEST_F(FinderTest, nothing_found_says_whether_all_was_done) {
    Finder finder;
    search_in_race_mutex(finder, {.strategy = "exhaustive", .bound = 0});
    EXPECT_EQ(finder.state().phase, Phase_::nothing) << finder.state().message;
    EXPECT_TRUE(finder.state().complete);
    EXPECT_EQ(finder.state().schedules, 1u) << "the run without departures";
}

TEST_F(FinderTest, an_exhaustive_search_that_its_budget_ends_promises_only_what_it_completed) {
    Finder finder;
    search_in_race_mutex(finder, {.strategy = "exhaustive", .budget = 1000});
    const SearchState& state = finder.state();
    ASSERT_EQ(state.phase, Phase_::nothing) << state.message;
    EXPECT_FALSE(state.complete);
    EXPECT_EQ(state.schedules, 1000u);
    EXPECT_EQ(state.bound, 2u);
    EXPECT_GT(state.of_bound, 0u);
    EXPECT_LT(state.of_bound, 1000u);
    std::string meaning = meaning_of_nothing(state);
    EXPECT_TRUE(meaning.starts_with("No run with at most 1 departure fails")) << meaning;
    EXPECT_NE(meaning.find("it has looked at " + std::to_string(state.of_bound)), meaning.npos);
}

TEST_F(FinderTest, cancelling_leaves_no_process_nor_one_of_its_children) {
    Finder finder;
    finder.start({}, program("cd " + place.string()
                             + "; bash -c 'echo $$ > child; sleep 1000' &\n"
                               "echo $$ > self; wait"));
    run_until(finder, [&] { return number_in("self") != 0 && number_in("child") != 0; });
    finder.cancel();
    EXPECT_FALSE(finder.state().active());
    EXPECT_EQ(finder.state().message, "cancelled after 0 schedules");
    EXPECT_TRUE(is_gone(number_in("self")));
    pid_t child = number_in("child");
    run_until(finder, [&] { return is_gone(child); });
}

TEST_F(FinderTest, a_build_that_is_cancelled_starts_no_search) {
    Finder finder;
    SearchProgram endless = program("echo started > " + (place / "started").string());
    endless.build_command = "sleep 1000";
    finder.start({}, endless);
    EXPECT_EQ(finder.state().phase, Phase_::building);
    finder.cancel();
    EXPECT_FALSE(finder.poll());
    EXPECT_EQ(finder.state().message, "cancelled before it began");
    EXPECT_FALSE(fs::exists(place / "started"));
}

TEST_F(FinderTest, a_visualizer_that_is_killed_takes_coordinator_and_workers_along) {
    pid_t visualizer = fork();
    if (visualizer == 0) {
        Finder finder;
        SearchWish wish;
        wish.budget = 1'000'000'000;
        finder.start(wish, real("--scenario=race"));
        for (;;) {
            finder.poll();
            usleep(1000);
        }
    }
    std::vector<pid_t> family;
    Finder idle;
    run_until(idle, [&] {
        family = children_of(visualizer);
        if (family.size() != 1)
            return false;
        std::vector<pid_t> workers = children_of(family[0]);
        family.insert(family.end(), workers.begin(), workers.end());
        return workers.size() == 2;
    });
    kill(visualizer, SIGKILL);
    waitpid(visualizer, nullptr, 0);
    for (pid_t member : family)
        run_until(idle, [&] { return is_gone(member); });
}

TEST_F(FinderTest, restarting_and_stopping_the_session_end_the_search) {
    Session session;
    Options options = guest(1, "work=1 end=endless");
    options.explorer = program("echo $$ > " + (place / "self").string() + "; sleep 1000");
    session.start(options);
    for (bool restarts : {true, false}) {
        fs::remove(place / "self");
        session.find({});
        poll_until(session, [&] { return number_in("self") != 0; });
        restarts ? session.restart() : session.stop();
        EXPECT_FALSE(session.search().active());
        EXPECT_TRUE(is_gone(number_in("self")));
    }
}

TEST_F(FinderTest, one_that_is_killed_says_so_and_how_far_it_was) {
    Finder finder;
    finder.start({}, program("echo progress 77 1 80 100 0 > $notice; kill -9 $$"));
    run_to_end(finder);
    EXPECT_EQ(finder.state().phase, Phase_::failed);
    EXPECT_NE(finder.state().message.find("killed by signal 9"), std::string::npos)
        << finder.state().message;
    EXPECT_NE(finder.state().message.find("after 77 schedules"), std::string::npos);
}

TEST_F(FinderTest, one_that_refuses_is_quoted) {
    Finder finder;
    SearchProgram explore = real("--scenario=nonsense");
    finder.start({}, explore);
    run_to_end(finder);
    EXPECT_EQ(finder.state().phase, Phase_::failed);
    EXPECT_NE(finder.state().message.find("the kernel says: "), std::string::npos)
        << finder.state().message;
}

TEST_F(FinderTest, one_that_is_not_built_is_named_with_the_next_step) {
    Finder finder;
    finder.start({}, {"", place / "explore", {}});
    EXPECT_EQ(finder.state().phase, Phase_::failed);
    EXPECT_NE(finder.state().message.find("make explore"), std::string::npos)
        << finder.state().message;
}

TEST_F(FinderTest, a_build_that_fails_is_quoted_and_nothing_is_searched) {
    Finder finder;
    SearchProgram broken = program("true");
    broken.build_command = "echo 'handler.cpp:7:3: error: no such thing'; exit 2";
    finder.start({}, broken);
    run_to_end(finder);
    EXPECT_EQ(finder.state().phase, Phase_::failed);
    EXPECT_TRUE(finder.state().build_failed);
    EXPECT_EQ(finder.state().message, "the build failed: handler.cpp:7:3: error: no such thing");
}

TEST_F(FinderTest, one_that_floods_its_outputs_neither_stops_us_nor_is_stopped) {
    Finder finder;
    finder.start({}, program("echo progress 5 1 5 10 0 > $notice; yes & yes nonsense > $notice"));
    run_until(finder, [&] { return finder.state().schedules == 5; });
    for (int i = 0; i < 50; i++)
        finder.poll(); // each returns
    EXPECT_TRUE(finder.state().active());
    finder.cancel();

    constexpr usize most = 1 << 20;
    finder.start({}, program("yes | head -c 5000000; echo nothing 9 1 1 > $notice"));
    run_to_end(finder);
    EXPECT_EQ(finder.state().phase, Phase_::nothing) << finder.state().message;
    EXPECT_LT(finder.state().output.size(), most);
}

} // namespace session
