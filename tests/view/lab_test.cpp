// SPDX-License-Identifier: BSD-2-Clause
// A student's hour in the lab pane, with a real machine, compiler and grader: on a copy of lab 01.
#include "driver.hpp"
#include "session/session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using view_test::Driver;

constexpr const char* lab_name = "01-first-interrupt";

struct RealLab : testing::Test {
    fs::path place = fs::temp_directory_path() / fmt::format("interlude-lab-{}", getpid());
    fs::path folder = place / lab_name, handler = folder / "handler.cpp";
    session::Options options;

    void SetUp() override {
        fs::create_directories(place);
        fs::copy(fs::path("labs") / lab_name, folder, fs::copy_options::recursive);
        options.kernel = place / "kernel.elf";
        options.scenario = "lab";
        options.record = place / "trace";
        options.watch = {handler};
        // Of a make that runs this test, LAB and job server are not ours.
        std::string clean = "env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL ";
        options.build_command = fmt::format("{}make -s kernel LAB={} HANDLER={} KERNEL={}", clean,
                                            lab_name, handler.string(), options.kernel.string());
        options.grade_command =
            fmt::format("{}build/grade-{} --lab labs/{} --handler {} --output {}", clean, lab_name,
                        lab_name, handler.string(), (place / "grade").string());
        ASSERT_EQ(std::system(options.build_command.c_str()), 0);
    }
    void TearDown() override {
        fs::remove_all(place);
        fs::remove_all("build/riscv64/" + place.string());
    }

    void save(const std::string& text) const { std::ofstream(handler) << text; }
    static std::string text_of(const fs::path& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

/// Frames of the window until something holds; a loaded machine may take its time.
bool eventually(Driver& person, session::Session& session, const std::function<bool()>& holds) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!holds() && std::chrono::steady_clock::now() < end) {
        session.poll(20);
        person.frames(1);
    }
    return holds();
}

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
