// SPDX-License-Identifier: BSD-2-Clause
// The whole window, driven by labels and read back.
#include "driver.hpp"
#include "fake_source.hpp"
#include "view/compat.hpp"

#include <fmt/format.h>

#include <set>

namespace {

using view_test::Driver;
using view_test::FakeSource;
using view_test::seen;

struct UiTest : testing::Test {
    FakeSource source{view_test::story(1, 3000, 3), 600};
    Driver person{source};
};

TEST_F(UiTest, the_button_steps_the_machine_by_one_event) {
    EXPECT_TRUE(person.reads("event 600 of 600"));
    person.click("event ▶");
    EXPECT_EQ(source.store().size(), 601U);
    EXPECT_TRUE(person.reads("event 601 of 601"));
}

TEST_F(UiTest, run_becomes_pause_and_pause_stops_the_machine) {
    person.click("run");
    EXPECT_EQ(source.phase, session::Phase::ended) << "a settled window has let it run to its end";
    person.shell.playback().restart();
    source.per_poll = 1;
    person.frames(5);
    EXPECT_TRUE(person.reads("Pause"));
    person.frames(2);
    person.shell.key({' '});
    EXPECT_EQ(source.phase, session::Phase::paused);
}

TEST_F(UiTest, going_back_says_so_and_one_click_returns) {
    person.click("◀ event");
    EXPECT_TRUE(person.reads("event 599 of 600"));
    EXPECT_TRUE(person.reads("You look at the past"));
    person.click("past");
    EXPECT_TRUE(person.reads("event 600 of 600"));
    EXPECT_FALSE(person.reads("You look at the past"));
}

TEST_F(UiTest, keys_step_both_ways) {
    person.key({view::key_left});
    person.key({view::key_left});
    EXPECT_TRUE(person.reads("event 598 of 600"));
    person.key({view::key_right});
    EXPECT_TRUE(person.reads("event 599 of 600"));
    person.key({view::key_home});
    EXPECT_TRUE(person.reads("event 0 of 600"));
    person.key({view::key_end});
    EXPECT_TRUE(person.reads("event 600 of 600"));
}

TEST_F(UiTest, the_caption_is_the_last_events_sentence) {
    person.key({view::key_left});
    model::Event event = source.store().event(598);
    EXPECT_TRUE(person.reads(model::sentence(event, source.store().names())));
}

TEST_F(UiTest, a_click_on_a_card_opens_it_in_the_inspector) {
    const model::State& state = source.store().newest();
    std::string running = source.store().names().of(state.harts[0].running);
    person.click(running);
    EXPECT_EQ(person.shell.selection().object, view::object(state.harts[0].running));
    EXPECT_TRUE(person.reads("What happened to it, newest first"));
    EXPECT_TRUE(person.reads("kind"));
    person.key({view::key_escape});
    EXPECT_FALSE(person.shell.selection().object);
}

TEST_F(UiTest, a_drag_of_the_scrub_bar_goes_to_an_instant) {
    const view_test::SeenItem* bar = person.find("scrub");
    ASSERT_NE(bar, nullptr);
    ImVec2 from(bar->from.x + 100, bar->from.y + 5);
    ImVec2 to((bar->from.x + bar->to.x) / 2, bar->from.y + 5);
    person.drag(from, to);
    EXPECT_NEAR(static_cast<double>(person.shell.playback().shown()), 300, 3);
}

TEST_F(UiTest, the_sheet_of_keys_lists_every_shortcut) {
    person.key({'?'});
    for (const view::Command& command : person.shell.commands().all())
        if (!command.chords.empty()) {
            EXPECT_TRUE(person.reads(command.title)) << command.title;
        }
}

TEST_F(UiTest, no_two_commands_share_a_key) {
    std::set<std::string> keys;
    for (const view::Command& command : person.shell.commands().all())
        for (const view::Chord& chord : command.chords)
            EXPECT_TRUE(keys.insert(chord.name()).second) << chord.name() << ": " << command.title;
}

TEST_F(UiTest, every_layout_draws_its_pane) {
    for (auto layout : {view::Layout::machine, view::Layout::timeline, view::Layout::narration,
                        view::Layout::console, view::Layout::lab}) {
        person.shell.show(layout);
        person.settle();
        EXPECT_GT(seen().texts.size(), 15U);
    }
}

TEST_F(UiTest, the_narration_finds_words) {
    person.shell.show(view::Layout::narration);
    person.settle();
    person.click("words");
    person.type("sleeps on");
    for (const auto& text : seen().texts)
        EXPECT_EQ(text.text.find("acquires"), std::string::npos);
    EXPECT_TRUE(person.reads(" sleeps on "));
}

TEST_F(UiTest, a_name_in_the_narration_selects_its_object) {
    person.shell.show(view::Layout::narration);
    person.settle();
    person.click(source.store().names().of(trace::HartId{0}));
    EXPECT_EQ(person.shell.selection().object, view::object(trace::HartId{0}));
}

TEST_F(UiTest, the_timeline_zooms_where_the_pointer_is) {
    person.shell.show(view::Layout::timeline);
    person.settle();
    const view_test::SeenItem* lanes = person.find("lanes");
    ASSERT_NE(lanes, nullptr);
    ImVec2 at(lanes->from.x + 400, lanes->from.y + 30);
    EXPECT_TRUE(person.reads("100"));
    for (int i = 0; i < 12; i++)
        person.wheel(at, 1);
    person.click("Whole run");
    EXPECT_TRUE(person.reads("100"));
}

TEST_F(UiTest, a_click_into_the_timeline_goes_there) {
    person.shell.show(view::Layout::timeline);
    person.settle();
    person.click("lanes");
    EXPECT_NEAR(static_cast<double>(person.shell.playback().shown()), 300, 3);
}

TEST_F(UiTest, typed_lines_reach_the_kernel) {
    source.console_text = "interlude\n> ";
    person.shell.show(view::Layout::console);
    person.settle();
    EXPECT_TRUE(person.reads("interlude"));
    person.click("type");
    person.type("ps");
    view::compat::key(ImGui::GetIO(), ImGuiKey_Enter, true);
    person.frames(1);
    view::compat::key(ImGui::GetIO(), ImGuiKey_Enter, false);
    person.settle();
    EXPECT_EQ(source.typed, "ps\r");
}

TEST_F(UiTest, themes_and_scales_change_while_it_runs) {
    auto dark = person.image.pixels();
    person.key({'d', true});
    EXPECT_FALSE(person.settings.dark);
    EXPECT_NE(person.image.pixels(), dark);
    for (int i = 0; i < 12; i++)
        person.key({'+', true});
    EXPECT_EQ(person.settings.scale, 3);
    EXPECT_TRUE(person.reads("event 600 of 600"));
    for (int i = 0; i < 12; i++)
        person.key({'-', true});
    EXPECT_EQ(person.settings.scale, 0.75f);
}

TEST_F(UiTest, the_same_person_sees_the_same_pixels) {
    auto once = person.image.pixels();
    person.key({view::key_left});
    EXPECT_NE(person.image.pixels(), once);
    person.key({view::key_right});
    person.settle();
    EXPECT_EQ(person.image.pixels(), once);
}

TEST_F(UiTest, the_walk_waits_until_one_has_done_what_it_says) {
    person.settings.walk_done = false;
    person.settle();
    EXPECT_TRUE(person.reads("The picture is the machine"));
    person.click("Next");
    EXPECT_TRUE(person.reads("Let one thing happen"));
    person.key({view::key_right});
    EXPECT_TRUE(person.reads("Go to an interrupt"));
    person.key({'i'});
    EXPECT_TRUE(person.reads("Go back"));
    person.key({view::key_left});
    EXPECT_TRUE(person.reads("Ask who somebody is"));
    person.shell.selection().object = view::object(trace::HartId{0});
    person.settle();
    person.click("Done");
    EXPECT_TRUE(person.settings.walk_done);
}

TEST(UiOfALab, compiler_errors_are_lines_that_open_the_source) {
    FakeSource source(view_test::story(1, 200), 200);
    session::Lab lab;
    lab.name = "01-test";
    lab.folder = "tests/view";
    Driver person(source, 1600, 900, lab);
    person.shell.show(view::Layout::lab);
    person.settle();
    EXPECT_TRUE(person.reads("tests/view")) << "its README is the handout";
    source.build_output =
        "tests/view/README.md:3:7: error: expected ';' before 'person'\nmake: *** [x] Error 1\n";
    person.settle();
    person.click("tests/view/README.md:3: error: expected ';' before 'person'");
    EXPECT_TRUE(person.reads("The views, without a display"));
    person.click("rebuild");
    EXPECT_EQ(source.rebuilds, 1);
    person.click("grade");
    EXPECT_EQ(source.grades, 1);
}

/// Every view must stand every trace.
struct Trace {
    const char* name;
    unsigned harts;
    u64 events;
};
class AnyTrace : public testing::TestWithParam<Trace> {};

TEST_P(AnyTrace, every_view_draws_it) {
    auto told = GetParam().events == 0 ? std::vector<model::Event>()
                                       : view_test::story(GetParam().harts, GetParam().events, 20);
    told.resize(std::min<usize>(told.size(), GetParam().events));
    FakeSource source(std::move(told), ~usize{0} >> 1);
    source.store().report(
        {model::Problem::Kind::discarded, trace::HartId{0}, 12, 0, 7, "7 events were lost"});
    Driver person(source, 1280, 720);
    for (auto layout : {view::Layout::all, view::Layout::machine, view::Layout::timeline,
                        view::Layout::narration}) {
        person.shell.show(layout);
        person.settle();
        person.key({view::key_left});
        person.key({view::key_home});
        person.key({view::key_end});
        EXPECT_TRUE(person.reads(fmt::format("of {}", source.store().size())));
    }
    person.shell.show(view::Layout::all);
    person.settle();
    person.click("problems");
    EXPECT_TRUE(person.reads("7 events were lost"));
}

INSTANTIATE_TEST_SUITE_P(Traces, AnyTrace,
                         testing::Values(Trace{"empty", 1, 0}, Trace{"one", 1, 1},
                                         Trace{"few", 1, 30}, Trace{"eight", 8, 20000},
                                         Trace{"large", 8, 1000000}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Views, impossible_events_are_drawn_and_reported) {
    // Records of random bytes: what a hostile or broken trace holds.
    std::vector<model::Event> nonsense;
    model_test::Random random(99);
    for (u64 i = 0; i < 5000; i++) {
        trace::Record record{(1000 + i) << trace::order_bits,
                             {random.next(), random.next(), random.next()}};
        record.words[0] =
            (record.words[0] & ~u64{0xffff}) | (1 + random.below(trace::Events::count));
        nonsense.push_back({record, static_cast<trace::HartId>(random.below(8))});
    }
    FakeSource source(nonsense, nonsense.size());
    Driver person(source, 1280, 720);
    for (auto layout : {view::Layout::machine, view::Layout::timeline, view::Layout::narration,
                        view::Layout::all}) {
        person.shell.show(layout);
        person.shell.playback().seek(2500);
        person.settle();
        person.key({view::key_end});
    }
    person.click("problems");
    EXPECT_TRUE(person.reads("problems"));
}

} // namespace
