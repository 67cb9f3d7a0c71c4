// SPDX-License-Identifier: BSD-2-Clause
// The callout wheel: every entry comes out at its tick, whatever level it went in at, and whatever
// the count of ticks is, also when it wraps.
#include "callout/wheel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace callout {
namespace {

constexpr Ticks wrap = 0; // the tick after the last one

/// What is due now; what has only come down a level is filed again. As run.cpp does it.
std::vector<Entry*> take_due(Wheel& wheel) {
    std::vector<Entry*> due;
    while (Entry* entry = wheel.take()) {
        if (wheel.is_due(*entry))
            due.push_back(entry);
        else
            wheel.insert(*entry);
    }
    return due;
}

std::vector<Entry*> tick(Wheel& wheel) {
    wheel.turn();
    return take_due(wheel);
}

void file(Wheel& wheel, Entry& entry, Ticks delta) {
    entry.due = wheel.now() + delta;
    wheel.insert(entry);
}

/// Ticks until the only entry comes out.
Ticks ticks_until_due(Wheel& wheel, Entry& entry, Ticks delta) {
    file(wheel, entry, delta);
    for (Ticks passed = 1;; passed++)
        if (!tick(wheel).empty())
            return passed;
}

TEST(Wheel, an_entry_is_due_exactly_at_its_tick_on_both_sides_of_every_level_boundary) {
    const Ticks starts[] = {0,
                            1,
                            255,
                            256,
                            257,
                            65'279,
                            65'280,
                            65'535,
                            65'536,
                            0xffff'fe00,
                            0xffff'ffff,
                            wrap - 1,
                            wrap - 255,
                            wrap - 256,
                            wrap - 257,
                            wrap - 511,
                            wrap - 65'535,
                            wrap - 65'536,
                            wrap - 65'537,
                            wrap - 70'000};
    const Ticks deltas[] = {1, 2, 255, 256, 257, 511, 512, 65'280, 65'535, 65'536, 65'537, 70'000};
    for (Ticks start : starts) {
        for (Ticks delta : deltas) {
            auto wheel = std::make_unique<Wheel>(start);
            Entry entry;
            EXPECT_EQ(ticks_until_due(*wheel, entry, delta), delta) << "from tick " << start;
        }
    }
}

TEST(Wheel, an_entry_comes_down_from_the_highest_level_across_the_wrap) {
    constexpr Ticks third_level = Ticks{1} << 24;
    auto wheel = std::make_unique<Wheel>(wrap - 3);
    Entry entry;
    EXPECT_EQ(ticks_until_due(*wheel, entry, third_level + 5), third_level + 5);
}

TEST(Wheel, an_entry_beyond_the_reach_of_all_levels_is_filed_in_the_last_bucket_and_again_later) {
    auto wheel = std::make_unique<Wheel>(7);
    Entry entry;
    file(*wheel, entry, Wheel::furthest);
    EXPECT_EQ(entry.level, Wheel::levels - 1);
    for (Ticks passed = 0; passed < 70'000; passed++)
        EXPECT_TRUE(tick(*wheel).empty());
    EXPECT_TRUE(entry.on_ring());
    Wheel::remove(entry);
}

TEST(Wheel, later_knows_the_order_of_ticks_on_both_sides_of_the_wrap) {
    EXPECT_TRUE(later(1, 0));
    EXPECT_FALSE(later(0, 0));
    EXPECT_TRUE(later(wrap, wrap - 1));
    EXPECT_FALSE(later(wrap - 1, wrap + 5));
    EXPECT_TRUE(later(wrap - 1 + Wheel::furthest, wrap - 1));
}

TEST(Wheel, entries_that_are_late_already_are_due_at_once) {
    for (Ticks start : {Ticks{1000}, wrap, wrap + 2}) {
        auto wheel = std::make_unique<Wheel>(start);
        Entry entry;
        entry.due = start - 900;
        wheel->insert(entry);
        EXPECT_TRUE(wheel->has_work());
        EXPECT_EQ(take_due(*wheel), std::vector<Entry*>{&entry});
    }
}

TEST(Wheel, a_removed_entry_never_comes_out) {
    auto wheel = std::make_unique<Wheel>(0);
    Entry stays, goes;
    file(*wheel, stays, 300);
    file(*wheel, goes, 300);
    for (int i = 0; i < 256; i++)
        tick(*wheel); // both have moved from level 1 to level 0 by now
    Wheel::remove(goes);
    int out = 0;
    for (int i = 0; i < 100; i++)
        for (Entry* entry : tick(*wheel)) {
            EXPECT_EQ(entry, &stays);
            out++;
        }
    EXPECT_EQ(out, 1);
}

TEST(Wheel, an_entry_can_be_taken_off_between_the_tick_that_empties_its_bucket_and_its_run) {
    auto wheel = std::make_unique<Wheel>(0);
    Entry first, second, third;
    for (Entry* entry : {&first, &second, &third})
        file(*wheel, *entry, 1);
    EXPECT_TRUE(wheel->turn());
    Wheel::remove(second); // neither knows nor asks which ring that is
    EXPECT_EQ(take_due(*wheel), (std::vector<Entry*>{&first, &third}));
    EXPECT_FALSE(wheel->has_work());
}

TEST(Wheel, moved_earlier_and_moved_later_it_comes_out_at_the_new_tick_only) {
    for (Ticks first : {3, 300, 70'000})
        for (Ticks second : {2, 299, 301, 80'000}) {
            auto wheel = std::make_unique<Wheel>(wrap - 40);
            Entry entry;
            file(*wheel, entry, first);
            tick(*wheel);
            Wheel::remove(entry);
            EXPECT_EQ(ticks_until_due(*wheel, entry, second), second) << first;
        }
}

TEST(Wheel, thousands_on_one_tick_come_out_together_and_in_order) {
    constexpr usize count = 5000;
    auto wheel = std::make_unique<Wheel>(wrap - 100);
    std::vector<Entry> entries(count);
    for (Entry& entry : entries)
        file(*wheel, entry, 300);
    for (Ticks passed = 1; passed < 300; passed++)
        EXPECT_TRUE(tick(*wheel).empty());
    std::vector<Entry*> due = tick(*wheel);
    ASSERT_EQ(due.size(), count);
    for (usize i = 0; i < count; i++)
        EXPECT_EQ(due[i], &entries[i]);
}

TEST(Wheel, thousands_of_random_entries_all_come_out_at_their_ticks) {
    for (Ticks start : {Ticks{123'456}, wrap - 50'000}) {
        std::mt19937 random(7);
        auto wheel = std::make_unique<Wheel>(start);
        std::vector<Entry> entries(5000);
        for (Entry& entry : entries)
            file(*wheel, entry, 1 + random() % 100'000);
        usize out = 0;
        for (Ticks passed = 0; passed < 100'001; passed++)
            for (Entry* entry : tick(*wheel)) {
                EXPECT_EQ(entry->due, wheel->now());
                EXPECT_FALSE(entry->on_ring());
                out++;
            }
        EXPECT_EQ(out, entries.size());
    }
}

TEST(Wheel, a_tick_moves_a_bucket_as_a_whole_and_looks_at_none_of_its_entries) {
    auto wheel = std::make_unique<Wheel>(0);
    std::vector<Entry> entries(10'000);
    for (Entry& entry : entries)
        file(*wheel, entry, 1);
    Entry* second = &entries[1];
    const lib::Ringed before = *second;
    wheel->turn();
    EXPECT_EQ(second->next, before.next);
    EXPECT_EQ(second->previous, before.previous);
    EXPECT_EQ(take_due(*wheel).size(), entries.size());
}

TEST(Wheel, for_each_visits_every_pending_entry_once) {
    auto wheel = std::make_unique<Wheel>(0);
    std::vector<Entry> entries(300);
    for (usize i = 0; i < entries.size(); i++)
        file(*wheel, entries[i], i * i + 1);
    usize seen = 0;
    wheel->for_each([&](Entry&) { seen++; });
    EXPECT_EQ(seen, entries.size());
    for (Entry& entry : entries)
        Wheel::remove(entry);
}

} // namespace
} // namespace callout
