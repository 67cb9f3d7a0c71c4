// SPDX-License-Identifier: BSD-2-Clause
#include "fake_source.hpp"
#include "view/playback.hpp"

#include <gtest/gtest.h>

namespace {

using view::Playback;
using view::Stop;
using view_test::FakeSource;

struct PlaybackTest : testing::Test {
    FakeSource source{view_test::story(1, 2000), 500};
    Playback playback{source};

    void frames(int count, double seconds = 1.0 / 60) {
        for (int i = 0; i < count; i++) {
            source.poll(0);
            playback.advance(seconds);
        }
    }
    void SetUp() override { frames(1); }
};

TEST_F(PlaybackTest, it_follows_the_machine) {
    EXPECT_EQ(playback.shown(), 500U);
    playback.run();
    frames(3);
    EXPECT_EQ(source.store().size(), 530U);
    EXPECT_EQ(playback.shown(), 530U);
    EXPECT_FALSE(playback.in_past());
}

TEST_F(PlaybackTest, a_step_moves_machine_and_picture_by_one_event) {
    playback.step(Stop::event);
    frames(1);
    EXPECT_EQ(source.store().size(), 501U);
    EXPECT_EQ(playback.shown(), 501U);
}

TEST_F(PlaybackTest, a_step_to_an_interrupt_stands_right_after_one) {
    playback.step(Stop::interrupt);
    frames(1);
    ASSERT_GT(playback.shown(), 500U);
    EXPECT_TRUE(Playback::ends(Stop::interrupt, source.store().event(playback.shown() - 1)));
    for (usize i = 500; i + 1 < playback.shown(); i++)
        EXPECT_FALSE(Playback::ends(Stop::interrupt, source.store().event(i))) << i;
}

TEST_F(PlaybackTest, going_back_pauses_the_machine_and_leaves_it_where_it_is) {
    playback.run();
    frames(2);
    usize machine = source.store().size();
    playback.step_back(Stop::event);
    EXPECT_EQ(source.phase, session::Phase::paused);
    frames(10);
    EXPECT_EQ(source.store().size(), machine);
    EXPECT_EQ(playback.shown(), machine - 1);
    EXPECT_TRUE(playback.in_past());
}

TEST_F(PlaybackTest, stepping_in_the_past_moves_the_picture_only) {
    playback.seek(100);
    playback.step(Stop::event);
    EXPECT_EQ(playback.shown(), 101U);
    EXPECT_EQ(source.store().size(), 500U);
}

TEST_F(PlaybackTest, back_and_forward_by_switches_meet_at_the_same_event) {
    playback.seek(250);
    playback.step(Stop::sched_switch);
    usize there = playback.shown();
    playback.step(Stop::sched_switch);
    ASSERT_GT(playback.shown(), there);
    playback.step_back(Stop::sched_switch);
    EXPECT_EQ(playback.shown(), there);
}

TEST_F(PlaybackTest, a_step_from_the_newest_recorded_event_goes_on_with_the_machine) {
    playback.seek(499);
    playback.step(Stop::event);
    EXPECT_EQ(playback.shown(), 500U);
    EXPECT_FALSE(playback.in_past());
    playback.step(Stop::event);
    frames(1);
    EXPECT_EQ(playback.shown(), 501U);
}

TEST_F(PlaybackTest, playing_the_past_reaches_the_machine_and_lets_it_run) {
    playback.set_rate(6); // 100 a second
    EXPECT_EQ(source.rate_set, 100);
    playback.seek(470);
    playback.run();
    EXPECT_TRUE(playback.playing());
    frames(6, 0.05);
    EXPECT_EQ(playback.shown(), 500U);
    frames(2, 0.05);
    EXPECT_EQ(source.phase, session::Phase::running);
    EXPECT_TRUE(playback.following());
}

TEST_F(PlaybackTest, less_than_one_event_a_frame_adds_up) {
    playback.set_rate(1);
    playback.seek(0);
    playback.run();
    frames(59, 1.0 / 30);
    EXPECT_EQ(playback.shown(), 1U);
    frames(62, 1.0 / 30);
    EXPECT_EQ(playback.shown(), 4U);
}

TEST_F(PlaybackTest, a_restart_empties_the_picture_without_a_wrong_index) {
    playback.restart();
    playback.advance(0.1);
    EXPECT_LE(playback.shown(), source.store().size());
    EXPECT_TRUE(playback.following());
}

TEST_F(PlaybackTest, a_machine_that_cannot_stop_exactly_is_shown_at_the_chosen_rate) {
    source.exact = false;
    source.per_poll = 300;
    playback.set_rate(4);
    playback.run();
    frames(1, 0.1);
    EXPECT_EQ(source.store().size(), 800U);
    EXPECT_EQ(playback.shown(), 501U);
}

TEST(PlaybackOfARecording, it_plays_to_its_end_and_stops) {
    FakeSource whole(view_test::story(1, 300), 300);
    view::RecordedSource source(whole.store(), "recorded");
    Playback playback(source);
    playback.seek(0);
    playback.run();
    EXPECT_TRUE(playback.playing());
    for (int i = 0; i < 5; i++)
        playback.advance(1);
    EXPECT_EQ(playback.shown(), whole.store().size());
    EXPECT_FALSE(playback.playing());
}

/// A run from the beginning: names and LWPs first, a Phase somewhat later.
struct StoryTest : testing::Test {
    FakeSource source{view_test::story(1, 6000), 1};
    Playback playback{source};
    static constexpr int ten_a_second = 4;

    void SetUp() override { playback.set_rate(ten_a_second); }
    void frames(int count) {
        for (int i = 0; i < count; i++) {
            source.poll(0);
            playback.advance(1.0 / 60);
        }
    }
    [[nodiscard]] bool story_has_begun() {
        return source.store().newest().phase != trace::TextId::none;
    }
};

TEST_F(StoryTest, a_machine_that_runs_passes_over_the_setup_and_then_takes_its_pace) {
    source.phase = session::Phase::running;
    source.per_poll = 1;
    frames(3);
    EXPECT_TRUE(story_has_begun());
    EXPECT_FALSE(playback.passing_over());
    EXPECT_EQ(source.rate_set, 10) << "the rate is the person's again";
    EXPECT_EQ(source.phase, session::Phase::running) << "and it goes on";
    EXPECT_LT(source.store().size(), playback.setup_length() + 5);
    EXPECT_EQ(source.store().id(playback.setup_length() - 1), trace::id_of<trace::Phase>);
}

TEST_F(StoryTest, a_machine_that_stands_after_its_first_event_stands_until_somebody_runs_it) {
    frames(5);
    EXPECT_EQ(source.store().size(), 1U);
    playback.run();
    source.per_poll = 1;
    frames(2);
    EXPECT_TRUE(story_has_begun());
}

TEST_F(StoryTest, whoever_has_stepped_into_the_setup_sees_the_rest_of_it) {
    source.per_poll = 1;
    playback.step(Stop::event);
    frames(2);
    playback.run();
    frames(3);
    EXPECT_FALSE(story_has_begun());
}

TEST_F(StoryTest, a_restart_passes_over_it_again) {
    source.per_poll = 1;
    playback.step(Stop::event);
    playback.restart();
    frames(4);
    EXPECT_TRUE(story_has_begun());
}

TEST_F(StoryTest, a_recording_plays_from_the_first_phase_on) {
    source.phase = session::Phase::running;
    source.per_poll = 6000;
    source.poll(0);
    view::RecordedSource recording(source.store(), "a recording");
    Playback player(recording);
    player.set_rate(ten_a_second);
    player.to_start();
    player.run();
    EXPECT_EQ(player.shown(), player.setup_length());
    EXPECT_GT(player.setup_length(), 40U);
    player.pause();
    player.seek(7);
    player.run();
    EXPECT_EQ(player.shown(), 7U) << "whoever went there sees it";
}

} // namespace
