// SPDX-License-Identifier: BSD-2-Clause
// Finding a race from the window, in a handler to which the grader gives all points, and coming
// back to the live run.
#include "real_lab.hpp"

namespace {

using namespace view_test;
using Search = session::SearchState::Phase;

struct FindTheRace : RealLab {
    session::Session session;

    void start_with(const std::string& handler_text) {
        options.watch.clear(); // nothing happens by itself
        options.parameters = {"seed=1"};
        save(handler_text);
        session.start(options);
        ASSERT_TRUE(eventually_ends());
    }
    bool eventually_ends() {
        while (session.status().phase == session::Phase::running)
            session.poll(20);
        return session.status().phase == session::Phase::ended;
    }
    [[nodiscard]] Search phase() const { return session.search().phase; }
};

TEST_F(FindTheRace, the_failure_is_found_shown_and_left_again) {
    start_with(text_of("tests/labs/01/loses_a_count.cpp"));
    view::SessionSource source(session);
    Driver person(source, 1280, 720, session::load_lab(folder));
    person.shell.show(view::Layout::lab);
    person.settle();
    usize live_events = session.store().size();
    person.click("find");
    EXPECT_TRUE(session.search().active());
    EXPECT_TRUE(person.reads("building the program that searches"));
    EXPECT_TRUE(eventually(person, session, [&] { return phase() == Search::searching; }));
    ASSERT_TRUE(eventually(person, session, [&] { return !session.search().active(); }));
    ASSERT_EQ(phase(), Search::found) << session.search().message << session.search().output;
    person.settle();
    EXPECT_TRUE(person.reads("taken + waiting.get() == arrived"));
    EXPECT_TRUE(person.reads("found after "));
    EXPECT_TRUE(person.reads("hart 0, point ")) << "the departures, in words";
    EXPECT_TRUE(person.reads(session.search().schedule.string()));

    person.click("show");
    person.settle();
    EXPECT_TRUE(person.reads("Race finder: found after "));
    EXPECT_TRUE(person.reads("PANIC")) << "the picture is at the failure:\n" << person.all_text();
    person.shell.show(view::Layout::all);
    person.settle();
    person.click("problems");
    EXPECT_TRUE(person.reads("hart 0, reader: panic: ")) << "who, where, what";
    EXPECT_TRUE(person.reads("departure: ")) << "and where it departed from the usual order";

    person.click("Play it");
    person.frames(2);
    EXPECT_TRUE(person.reads("found after ")) << "the caption is the first phase";

    person.click("back");
    EXPECT_FALSE(person.reads("Race finder: "));
    EXPECT_EQ(person.shell.playback().shown(), live_events);
    EXPECT_TRUE(person.reads("scenario lab"));

    person.key({'f'});
    EXPECT_TRUE(person.reads("Race finder: ")) << "and once more, by key";
    session.rebuild();
    person.frames(3);
    EXPECT_FALSE(person.reads("Race finder: ")) << "it was of another handler";
}

TEST_F(FindTheRace, what_the_compiler_says_is_shown_as_after_a_save) {
    start_with(text_of("tests/labs/01/reference.cpp"));
    save("#include \"port.hpp\"\n\nint wrong = no_such_name;\n");
    view::SessionSource source(session);
    Driver person(source, 1280, 720, session::load_lab(folder));
    person.key({'f', true});
    ASSERT_TRUE(eventually(person, session, [&] { return phase() == Search::failed; }));
    person.frames(3);
    EXPECT_TRUE(person.reads(handler.string() + ":3: error: "));
    EXPECT_TRUE(person.reads("int wrong = no_such_name;")) << "the line itself";
    EXPECT_EQ(session.status().phase, session::Phase::ended) << "the run is as it was";
}

TEST_F(FindTheRace, a_right_answer_survives_and_it_is_said_what_that_means) {
    start_with(text_of("tests/labs/01/reference.cpp"));
    view::SessionSource source(session);
    Driver person(source, 1280, 720, session::load_lab(folder));
    session::SearchWish wish = source.usual_search();
    wish.budget = 500;
    source.find(wish);
    ASSERT_TRUE(eventually(person, session, [&] { return !session.search().active(); }));
    EXPECT_EQ(phase(), Search::nothing) << session.search().failure << session.search().message;
    person.shell.show(view::Layout::finder);
    person.settle();
    EXPECT_TRUE(person.reads("Nothing found in 500 schedules"));
    EXPECT_TRUE(person.reads("evidence, not proof"));
}

TEST_F(FindTheRace, what_the_command_line_asked_for_is_chosen_although_no_list_has_it) {
    options.search.strategy = "exhaustive";
    options.search.budget = 12'345;
    options.search.bound = 7;
    options.search.harts = 5;
    start_with(text_of("tests/labs/01/reference.cpp"));
    view::SessionSource source(session);
    Driver person(source, 1280, 720, session::load_lab(folder));
    person.shell.show(view::Layout::finder);
    person.settle();
    for (const char* chosen : {"exhaustive", "7", "12 345", "5"})
        EXPECT_TRUE(person.reads(chosen)) << chosen;
    EXPECT_EQ(source.usual_search().harts, 5u);
    person.click("schedules");
    person.settle();
    EXPECT_TRUE(person.has_item("12 345")) << "it stands in the list, too";
    person.click("10 000");
    person.settle();
    EXPECT_TRUE(person.reads("10 000"));
    EXPECT_FALSE(person.reads("12 345"));
    EXPECT_TRUE(person.reads("7")) << "the others stay";
}

TEST_F(FindTheRace, cancel_is_a_click_and_the_picture_stays) {
    start_with(text_of("tests/labs/01/reference.cpp"));
    view::SessionSource source(session);
    Driver person(source, 1280, 720, session::load_lab(folder));
    person.key({'f', true});
    EXPECT_TRUE(person.has_item("find")) << "where the button was, Cancel is";
    person.click("find");
    EXPECT_FALSE(session.search().active());
    EXPECT_TRUE(person.reads("cancelled"));
}

} // namespace
