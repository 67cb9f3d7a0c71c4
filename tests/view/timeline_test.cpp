// SPDX-License-Identifier: BSD-2-Clause
// The timeline's index against the model, and its axis.
#include "fake_source.hpp"
#include "view/timeline/axis.hpp"
#include "view/timeline/lanes.hpp"

#include <gtest/gtest.h>

namespace {

using namespace view::timeline;
using view::object;

struct LanesTest : testing::Test {
    model::Store store;
    Lanes lanes;
    void SetUp() override {
        model_test::Generator(2, 5, model_test::into(store)).run(8000);
        while (lanes.update(store, 1000)) {
        }
    }
};

TEST_F(LanesTest, a_span_says_what_the_model_says) {
    for (usize count = 200; count <= store.size(); count += 61) {
        const model::State& state = store.state_after(count);
        for (u32 id = 1; id < state.lwps.size(); id++) {
            if (!state.lwps[id].known)
                continue;
            const Lane* lane = lanes.find(object(trace::LwpId{static_cast<u16>(id)}));
            ASSERT_NE(lane, nullptr);
            usize span = lane->span_at(static_cast<u32>(count - 1));
            ASSERT_LT(span, lane->size());
            EXPECT_EQ(lane->class_of(span), static_cast<u8>(state.lwps[id].state))
                << "LWP " << id << " after " << count;
        }
        for (u16 hart = 0; hart < 2; hart++) {
            const Lane* lane = lanes.find(object(trace::HartId{hart}));
            ASSERT_NE(lane, nullptr);
            EXPECT_EQ(lane->who(lane->span_at(static_cast<u32>(count - 1))),
                      static_cast<u16>(state.harts[hart].running));
        }
    }
}

TEST_F(LanesTest, the_parts_of_any_interval_add_up_to_it) {
    const Lane* lane = lanes.find(object(trace::HartId{0}));
    ASSERT_NE(lane, nullptr);
    model_test::Random random(3);
    u64 begin = store.time(lane->start(0)), end = store.time(store.size() - 1);
    for (int round = 0; round < 500; round++) {
        u64 t0 = begin + random.below(end - begin), t1 = t0 + random.below(end - t0 + 1);
        auto first = static_cast<u32>(store.upper_bound(t0)),
             last = static_cast<u32>(store.upper_bound(t1));
        usize from = lane->count_before(first), to = lane->count_before(last, from);
        u64 sum = 0;
        for (u64 ticks : lane->within(store, from, to, t0, t1).ticks)
            sum += ticks;
        EXPECT_EQ(sum, t1 - t0);
    }
}

TEST_F(LanesTest, long_and_short_intervals_are_counted_alike) {
    const Lane* lane = lanes.find(object(trace::HartId{1}));
    ASSERT_NE(lane, nullptr);
    // One long interval, which uses the sums, against its pieces, which are added up one by one.
    u64 t0 = store.time(500), t1 = store.time(store.size() - 1);
    auto count_at = [&](u64 time) {
        return lane->count_before(static_cast<u32>(store.upper_bound(time)));
    };
    Mixture whole = lane->within(store, count_at(t0), count_at(t1), t0, t1);
    Durations pieces{};
    u8 present = 0;
    constexpr u64 parts = 1000;
    for (u64 i = 0; i < parts; i++) {
        u64 a = t0 + (t1 - t0) * i / parts, b = t0 + (t1 - t0) * (i + 1) / parts;
        Mixture piece = lane->within(store, count_at(a), count_at(b), a, b);
        present = static_cast<u8>(present | piece.present);
        for (usize k = 0; k < class_count; k++)
            pieces[k] += piece.ticks[k];
    }
    EXPECT_EQ(whole.ticks, pieces);
    EXPECT_EQ(whole.present, present);
}

TEST_F(LanesTest, no_zoom_hides_what_occurred_at_all) {
    for (const Lane& lane : lanes.all()) {
        u8 all = 0;
        for (usize i = 0; i < lane.size(); i++)
            all = static_cast<u8>(all | 1u << lane.class_of(i));
        u64 end = store.time(store.size() - 1);
        Mixture whole = lane.within(store, 0, lane.size(), store.time(0), end);
        EXPECT_EQ(whole.present, all);
    }
}

TEST_F(LanesTest, building_in_slices_gives_the_same_lanes) {
    model::Store growing;
    Lanes sliced;
    for (usize i = 0; i < store.size(); i++) {
        growing.append(store.event(i).record, store.event(i).hart);
        if (i % 37 == 0)
            (void)sliced.update(growing, 1000);
    }
    (void)sliced.update(growing, 1000);
    ASSERT_EQ(sliced.all().size(), lanes.all().size());
    for (usize i = 0; i < lanes.all().size(); i++) {
        const Lane &a = lanes.all()[i], &b = sliced.all()[i];
        ASSERT_EQ(a.size(), b.size());
        for (usize k = 0; k < a.size(); k++)
            ASSERT_TRUE(a.start(k) == b.start(k) && a.class_of(k) == b.class_of(k));
    }
}

TEST_F(LanesTest, another_run_begins_anew) {
    model::Store other;
    model_test::Generator(1, 9, model_test::into(other)).run(500);
    while (lanes.update(other, 1000)) {
    }
    EXPECT_EQ(lanes.looked_at(), other.size());
    EXPECT_EQ(lanes.find(object(trace::HartId{1})), nullptr);
}

struct AxisTest : LanesTest {
    Axis axis;
    void SetUp() override {
        LanesTest::SetUp();
        axis.set_width(1000);
        axis.set_run(store);
    }
};

TEST_F(AxisTest, zoom_keeps_what_is_under_the_pointer) {
    for (Scale scale : {Scale::events, Scale::time}) {
        axis.set_scale(scale);
        axis.show_all();
        axis.zoom(500, 4);
        for (float x : {200.0f, 640.0f, 333.0f}) {
            double before = axis.at(x);
            axis.zoom(x, 1.5);
            EXPECT_NEAR(axis.at(x), before, axis.per_pixel());
        }
    }
}

TEST_F(AxisTest, it_never_leaves_the_run) {
    axis.zoom(900, 50);
    axis.pan(-1e6f);
    EXPECT_LE(axis.to(), axis.length() + 1e-6);
    axis.pan(1e6f);
    EXPECT_EQ(axis.from(), 0);
    axis.zoom(10, 1e-9);
    EXPECT_TRUE(axis.shows_all());
    EXPECT_EQ(axis.to(), axis.length());
}

TEST_F(AxisTest, events_and_positions_agree_on_both_scales) {
    for (Scale scale : {Scale::events, Scale::time}) {
        axis.set_scale(scale);
        for (usize i = 1; i < store.size(); i += 50) {
            usize before = axis.events_before(axis.position(i));
            EXPECT_LE(before, i);
            EXPECT_TRUE(before == i || store.time(before) == store.time(i))
                << "events of one tick share a place";
        }
    }
}

TEST_F(AxisTest, the_other_scale_shows_the_same_part_of_the_run) {
    axis.zoom(400, 20);
    usize middle = axis.events_before(axis.at(500));
    axis.set_scale(Scale::time);
    EXPECT_LE(axis.from(), axis.position(middle));
    EXPECT_GE(axis.to(), axis.position(middle));
}

TEST_F(AxisTest, a_revealed_event_is_inside) {
    axis.zoom(10, 100);
    axis.reveal(axis.position(7000));
    EXPECT_LT(axis.from(), 7000);
    EXPECT_GT(axis.to(), 7000);
}

TEST(EmptyAxis, an_empty_run_has_no_events_anywhere) {
    model::Store store;
    Axis axis;
    axis.set_width(100);
    axis.set_run(store);
    axis.set_scale(Scale::time);
    EXPECT_EQ(axis.events_before(5), 0U);
    EXPECT_EQ(axis.time_at(5), 0U);
}

} // namespace
