// SPDX-License-Identifier: BSD-2-Clause
// The callout wheel: every entry comes out at its tick, whatever level it went in at.
#include "callout/wheel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace callout {
namespace {

/// Turns the wheel one tick, as hardclock and softclock do, and gives back what was due.
std::vector<Entry*> tick(Wheel& wheel) {
    wheel.turn();
    std::vector<Entry*> due;
    while (Entry* entry = wheel.take_due())
        due.push_back(entry);
    return due;
}

/// The tick at which the only entry comes out, counted from now.
Ticks ticks_until_due(Wheel& wheel, Entry& entry, Ticks delta) {
    entry.due = wheel.now() + delta;
    wheel.insert(entry);
    for (Ticks passed = 1;; passed++)
        if (!tick(wheel).empty())
            return passed;
}

TEST(Wheel, an_entry_is_due_exactly_at_its_tick_on_both_sides_of_every_level_boundary) {
    const Ticks starts[] = {0, 1, 255, 256, 257, 65'279, 65'280, 65'535, 65'536, 0xffff'fe00};
    const Ticks deltas[] = {1, 2, 255, 256, 257, 511, 512, 65'280, 65'535, 65'536, 65'537, 70'000};
    for (Ticks start : starts) {
        for (Ticks delta : deltas) {
            auto wheel = std::make_unique<Wheel>(start);
            Entry entry;
            EXPECT_EQ(ticks_until_due(*wheel, entry, delta), delta) << "from tick " << start;
        }
    }
}

TEST(Wheel, entries_that_are_late_already_are_due_at_once) {
    auto wheel = std::make_unique<Wheel>(1000);
    Entry entry;
    entry.due = 900;
    wheel->insert(entry);
    EXPECT_EQ(wheel->take_due(), &entry);
}

TEST(Wheel, a_removed_entry_never_comes_out) {
    auto wheel = std::make_unique<Wheel>(0);
    Entry stays, goes;
    stays.due = goes.due = 300;
    wheel->insert(stays);
    wheel->insert(goes);
    for (int i = 0; i < 256; i++)
        tick(*wheel); // both have moved from level 1 to level 0 by now
    wheel->remove(goes);
    int out = 0;
    for (int i = 0; i < 100; i++)
        for (Entry* entry : tick(*wheel)) {
            EXPECT_EQ(entry, &stays);
            out++;
        }
    EXPECT_EQ(out, 1);
}

TEST(Wheel, thousands_of_random_entries_all_come_out_at_their_ticks) {
    std::mt19937 random(7);
    auto wheel = std::make_unique<Wheel>(123'456);
    std::vector<Entry> entries(5000);
    for (Entry& entry : entries) {
        entry.due = wheel->now() + 1 + random() % 100'000;
        wheel->insert(entry);
    }
    usize out = 0;
    for (Ticks passed = 0; passed < 100'001; passed++)
        for (Entry* entry : tick(*wheel)) {
            EXPECT_EQ(entry->due, wheel->now());
            EXPECT_EQ(entry->list, nullptr);
            out++;
        }
    EXPECT_EQ(out, entries.size());
}

TEST(Wheel, for_each_visits_every_pending_entry_once) {
    auto wheel = std::make_unique<Wheel>(0);
    std::vector<Entry> entries(300);
    for (usize i = 0; i < entries.size(); i++) {
        entries[i].due = i * i + 1;
        wheel->insert(entries[i]);
    }
    usize seen = 0;
    wheel->for_each([&](Entry&) { seen++; });
    EXPECT_EQ(seen, entries.size());
    for (Entry& entry : entries)
        wheel->remove(entry);
}

} // namespace
} // namespace callout
