// SPDX-License-Identifier: BSD-2-Clause
// A student's hour in the lab pane, with a real machine, compiler and grader: on a copy of lab 01.
#include "real_lab.hpp"

namespace {

using namespace view_test;

TEST_F(RealLab, save_read_the_error_mend_it_and_be_graded) {
    session::Session session;
    session.start(options);
    view::SessionSource source(session);
    Driver person(source, 1600, 900, session::load_lab(folder));
    person.shell.show(view::Layout::lab);
    auto phase = [&] { return session.status().phase; };
    ASSERT_TRUE(eventually(person, session, [&] { return phase() == session::Phase::ended; }));
    EXPECT_TRUE(person.reads("make lab LAB=01")) << "the handout";
    EXPECT_TRUE(person.reads("irq::Served handle(void*)")) << "the student's file";

    save("#include \"port.hpp\"\n\nint wrong = no_such_name;\n");
    auto has_error = [&] {
        return person.reads(":3: error: ") && phase() != session::Phase::building;
    };
    ASSERT_TRUE(eventually(person, session, has_error)) << session.status().build_output;
    EXPECT_TRUE(person.reads(handler.string() + ":3: error: "));
    EXPECT_TRUE(person.reads("int wrong = no_such_name;")) << "the line itself";
    EXPECT_TRUE(person.reads("the build failed: ")) << "the status bar says so too";

    save(text_of("tests/labs/01/reference.cpp"));
    auto mended = [&] {
        return phase() == session::Phase::ended
               && session.store().find_next(0, [](const model::Event& event) {
                      return event.id() == trace::id_of<trace::IrqEnter>;
                  }) != session.store().size();
    };
    ASSERT_TRUE(eventually(person, session, mended)) << session.status().build_output;
    person.frames(2);
    EXPECT_FALSE(person.reads(": error: "));

    usize events = session.store().size();
    person.click("grade");
    EXPECT_TRUE(session.status().grading);
    auto graded = [&] { return !session.status().grading; };
    ASSERT_TRUE(eventually(person, session, graded));
    person.frames(2);
    EXPECT_TRUE(person.reads("20 of 20 points")) << session.status().grade_output;
    EXPECT_EQ(session.store().size(), events) << "the picture is still the run before";

    save(text_of("tests/labs/01/no_loop.cpp"));
    ASSERT_TRUE(eventually(person, session, [&] { return session.status().grade_output.empty(); }))
        << "the grade was of another file";
}

} // namespace
