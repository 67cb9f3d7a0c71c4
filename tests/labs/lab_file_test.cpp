// SPDX-License-Identifier: BSD-2-Clause
// lab.toml: what may stand in it, and what is said about what may not.
#include "session/lab.hpp"

#include <fstream>
#include <gmock/gmock.h>

using testing::HasSubstr;

namespace {

std::filesystem::path folder_with(const std::string& text) {
    std::filesystem::path folder = "build/tests/lab-file/07-sample";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "lab.toml") << text;
    return folder;
}

std::string complaint_about(const std::filesystem::path& folder) {
    try {
        (void)session::load_lab(folder);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST(LabFile, every_key_may_be_missing) {
    session::Lab lab = session::load_lab(folder_with(""));
    EXPECT_EQ(lab.name, "07-sample");
    EXPECT_EQ(lab.scenario, "lab");
    EXPECT_EQ(lab.harts, 1u);
    EXPECT_EQ(lab.limits.events, session::Limits().events);
}

TEST(LabFile, a_slash_at_the_end_of_the_folder_changes_nothing) {
    EXPECT_EQ(session::load_lab(folder_with("").string() + "/").name, "07-sample");
}

TEST(LabFile, gives_what_it_says) {
    session::Lab lab = session::load_lab(folder_with(R"(
        title = "Sample"
        harts = 4
        seed = 9
        parameters = ["pool=2", "hz=1000"]
        edit = ["handler.cpp"]
        [view]
        layout = "timeline"
        [limits]
        milliseconds = 20
    )"));
    EXPECT_EQ(lab.title, "Sample");
    EXPECT_EQ(lab.harts, 4u);
    EXPECT_EQ(lab.seed, 9u);
    EXPECT_EQ(lab.parameters, (std::vector<std::string>{"pool=2", "hz=1000"}));
    EXPECT_EQ(lab.edit.at(0), lab.folder / "handler.cpp");
    EXPECT_EQ(lab.view.at("layout"), "timeline");
    EXPECT_EQ(lab.limits.milliseconds, 20u);
}

TEST(LabFile, an_unknown_key_is_named_with_its_line) {
    EXPECT_THAT(complaint_about(folder_with("\nhart = 4\n")),
                HasSubstr("lab.toml:2: \"hart\" is not a key of lab.toml"));
    EXPECT_THAT(complaint_about(folder_with("[limits]\nseconds = 4\n")),
                HasSubstr("\"seconds\" is not a key"));
}

TEST(LabFile, a_value_of_the_wrong_kind_is_named_with_its_line) {
    EXPECT_THAT(complaint_about(folder_with("harts = \"four\"\n")),
                HasSubstr("lab.toml:1: \"harts\" has a value of the wrong kind"));
    EXPECT_THAT(complaint_about(folder_with("harts = -1\n")), HasSubstr("cannot be negative"));
    EXPECT_THAT(complaint_about(folder_with("edit = \"handler.cpp\"\n")),
                HasSubstr("must be a list"));
}

TEST(LabFile, what_is_not_toml_is_named_with_its_line) {
    EXPECT_THAT(complaint_about(folder_with("title = \n")), HasSubstr("lab.toml:1: "));
}

TEST(LabFile, a_folder_without_it_is_not_a_lab) {
    EXPECT_EQ(complaint_about("build"), "build is not a lab: it has no lab.toml");
}
