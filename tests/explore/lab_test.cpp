// SPDX-License-Identifier: BSD-2-Clause
// The race finder with a lab's handler in it: what the lab knows to be right is judged in every
// order, and a handler that never comes back does not keep the search.
#include "explore/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace explored {

namespace {

const std::string lab = "labs/01-first-interrupt", answers = "tests/labs/01/";

/// The answer is linked into a race finder of its own, as `make explore LAB=01 HANDLER=…` does.
Answer explore_answer(const std::string& name, const std::string& handler,
                      const std::string& options = " --budget 1000") {
    std::string program = "build/tests/explore-lab/" + name;
    // Of a make that runs us: its variables are not ours.
    std::string build = "env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s LAB=01 HANDLER=" + handler
                        + " EXPLORER=" + program + " " + program;
    EXPECT_EQ(std::system(build.c_str()), 0);
    return explore("--lab " + lab + options + " --out " + scratch("lab-" + name).string(),
                   program.substr(sizeof "build/" - 1));
}

} // namespace

TEST(Lab, a_right_answer_is_right_in_every_order) {
    Answer answer = explore_answer("reference", answers + "reference.cpp");
    EXPECT_EQ(answer.status, 0) << answer.text;
    answer = explore_answer("reference", answers + "reference.cpp",
                            " --strategy exhaustive --bound 1 --no-ticks");
    EXPECT_EQ(answer.status, 0) << answer.text;
}

TEST(Lab, the_rules_of_the_lab_are_judged) {
    Answer answer = explore_answer("counts_interrupts", answers + "counts_interrupts.cpp");
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_TRUE(answer.says("FOUND broken rule: every byte that is sent arrives, in order: byte 2"))
        << answer.text;
    EXPECT_TRUE(answer.says("no departure is needed")) << answer.text;
}

TEST(Lab, a_handler_that_never_ends_ends_the_run) {
    Answer answer = explore_answer("floods", answers + "floods.cpp");
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_TRUE(answer.says("FOUND livelock: ")) << answer.text;
}

TEST(Lab, what_its_lab_toml_says_of_the_machine_is_used) {
    Answer answer = explore_answer("reference", answers + "reference.cpp", " --once");
    EXPECT_EQ(answer.status, 0) << answer.text;
    size_t from = answer.text.find("--replay ") + sizeof "--replay " - 1;
    std::ifstream schedule(answer.text.substr(from, answer.text.find(')', from) - from));
    std::string text{std::istreambuf_iterator<char>(schedule), {}};
    EXPECT_NE(text.find("\nharts 1\n"), std::string::npos) << answer.text << text;
}

TEST(Events, of_every_order_are_possible_in_the_model) {
    for (const char* what : {"race --case handler", "race --case callout", "tour", "teardown"}) {
        Answer answer = explore(std::string("--events --budget 100 --out ")
                                + scratch("events").string() + " --scenario " + what);
        EXPECT_EQ(answer.status, 0) << answer.text;
    }
}

TEST(Events, that_cannot_be_are_a_finding) {
    Answer answer = explore("--events --scenario race --case rm --mutation skip_ipi --out "
                            + scratch("events-broken").string());
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_TRUE(answer.says("events that cannot be: ")) << answer.text;
}

} // namespace explored
