// SPDX-License-Identifier: BSD-2-Clause
// Settings, Markdown, palette: the small parts of the window.
#include "view/markdown.hpp"
#include "view/settings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace {

using view::Settings;
namespace markdown = view::markdown;

struct SettingsTest : testing::Test {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "interlude-settings-test"
                                 / "deep" / "settings.json";
    void TearDown() override { std::filesystem::remove_all(path.parent_path().parent_path()); }
    void write(const std::string& text) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
};

TEST_F(SettingsTest, what_is_saved_comes_back) {
    Settings settings;
    settings.dark = false;
    settings.scale = 1.5f;
    settings.scenario = "block";
    settings.walk_done = true;
    settings.save(path);
    Settings loaded = Settings::load(path);
    EXPECT_FALSE(loaded.dark);
    EXPECT_EQ(loaded.scale, 1.5f);
    EXPECT_EQ(loaded.scenario, "block");
    EXPECT_TRUE(loaded.walk_done);
}

TEST_F(SettingsTest, a_damaged_file_costs_only_its_settings) {
    for (const char* text :
         {"", "{", "[1,2]", R"({"scale": "large", "dark": 7})", R"({"scale": 1e30, "rate": -5})"}) {
        write(text);
        Settings settings = Settings::load(path);
        EXPECT_LE(settings.scale, 3) << text;
        EXPECT_GE(settings.rate, 0) << text;
        EXPECT_TRUE(settings.dark) << text;
    }
}

TEST_F(SettingsTest, a_place_that_cannot_be_written_is_no_error) {
    Settings().save("/proc/nowhere/settings.json");
}

TEST(Markdown, headings_lists_and_code_become_blocks) {
    auto blocks = markdown::parse(
        "# Lab\n\nSome *small* and **strong** `code`.\n\n1. one\n2. two\n   - deep\n\n"
        "```\nint x;\n```\n");
    ASSERT_EQ(blocks.size(), 6U);
    EXPECT_EQ(blocks[0].kind, markdown::BlockKind::heading);
    EXPECT_EQ(blocks[1].kind, markdown::BlockKind::paragraph);
    EXPECT_TRUE(blocks[1].runs[1].emphasis);
    EXPECT_TRUE(blocks[1].runs[3].strong);
    EXPECT_TRUE(blocks[1].runs[5].code);
    EXPECT_EQ(blocks[2].mark, "1.");
    EXPECT_EQ(blocks[3].mark, "2.");
    EXPECT_EQ(blocks[4].level, 2U);
    EXPECT_EQ(blocks[5].kind, markdown::BlockKind::code);
    EXPECT_EQ(blocks[5].runs[0].text, "int x;\n");
}

double luminance(view::Colour colour) {
    auto linear = [&](unsigned shift) {
        double c = static_cast<double>(colour >> shift & 0xff) / 255;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(0) + 0.7152 * linear(8) + 0.0722 * linear(16);
}

double contrast(view::Colour a, view::Colour b) {
    double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Palette, words_can_be_read_on_every_state) {
    for (int state = 0; state <= static_cast<int>(trace::LwpState::zombie); state++) {
        auto ground = view::state_colour(static_cast<trace::LwpState>(state));
        EXPECT_GE(contrast(ground, view::on_colour(ground)), 3.9) << state;
    }
}

TEST(Palette, words_can_be_read_in_both_themes) {
    for (bool dark : {true, false}) {
        view::Theme theme = view::Theme::make(dark);
        for (auto ground : {theme.window, theme.panel, theme.raised}) {
            EXPECT_GE(contrast(theme.text, ground), 7);
            EXPECT_GE(contrast(theme.text_faint, ground), 4.5);
            EXPECT_GE(contrast(theme.accent, ground), 4.5);
            EXPECT_GE(contrast(theme.bad, ground), 4.5);
        }
    }
}

} // namespace
