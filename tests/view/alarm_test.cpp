// SPDX-License-Identifier: BSD-2-Clause
// What a checker reported, and a panic, cannot be missed: caption, status, timeline, statistics.
#include "driver.hpp"
#include "fake_source.hpp"
#include "model/builder.hpp"
#include "view/timeline/lanes.hpp"

#include <gtest/gtest.h>

namespace {

using namespace model_test;
using view::timeline::FlagKind;
using view_test::Driver;
using view_test::FakeSource;

struct AlarmTest : testing::Test {
    std::vector<model::Event> told = view_test::story(2, 400);

    /// The story, and then these events.
    template <class... E> void tell(const std::string& words, const E&... events) {
        auto text = static_cast<TextId>(99);
        std::vector<model::Event> more;
        Builder machine(2, into(more));
        more.clear();
        machine.name(Kind::text, static_cast<u32>(text), words);
        (machine.emit(0, LwpId::none, events), ...);
        u64 after = told.back().record.stamp;
        for (model::Event& event : more)
            event.record.stamp = ++after;
        told.insert(told.end(), more.begin(), more.end());
    }
    static constexpr auto text = static_cast<TextId>(99);
};

TEST_F(AlarmTest, a_report_fills_the_caption_and_stays_in_the_status) {
    tell("a before b here, b before a there", Report{.kind = ReportKind::lock_order, .text = text},
         Tick{.count = 1});
    FakeSource source(told, told.size());
    Driver person(source);
    person.settle();
    EXPECT_FALSE(person.reads("REPORT")) << "another event has happened since";
    EXPECT_TRUE(person.reads("1 report so far"));
    person.key({view::key_left});
    EXPECT_TRUE(person.reads("REPORT"));
    EXPECT_TRUE(person.reads("a before b here, b before a there"));
    person.key({view::key_left});
    EXPECT_FALSE(person.reads("1 report so far")) << "before it nothing was reported";
}

TEST_F(AlarmTest, the_narration_tells_it_although_it_leaves_out_what_is_about_the_trace) {
    tell("a circle", Report{.kind = ReportKind::deadlock, .text = text}, Tick{.count = 1});
    FakeSource source(told, told.size());
    Driver person(source);
    person.shell.show(view::Layout::narration);
    person.settle();
    EXPECT_TRUE(person.reads("report (deadlock): a circle") || person.reads("a circle"));
    EXPECT_FALSE(person.reads("is called"));
}

TEST_F(AlarmTest, a_panic_says_so) {
    tell("mutex line: not owned", Panic{.message = text});
    FakeSource source(told, told.size());
    Driver person(source);
    person.settle();
    EXPECT_TRUE(person.reads("PANIC"));
    EXPECT_TRUE(person.reads("panic: mutex line: not owned"));
}

TEST_F(AlarmTest, statistics_list_a_report_and_lead_to_it) {
    tell("a circle", Report{.kind = ReportKind::deadlock, .text = text}, Tick{.count = 1});
    FakeSource source(told, told.size());
    Driver person(source);
    person.shell.show(view::Layout::statistics);
    person.settle();
    EXPECT_TRUE(person.reads("deadlock 1"));
    EXPECT_TRUE(person.reads("a circle"));
    EXPECT_TRUE(person.reads("Interrupt handlers"));
    usize at = told.size() - 1; // after the report: the next to last event
    person.click("event " + std::to_string(at));
    EXPECT_EQ(person.shell.playback().shown(), at);
}

TEST_F(AlarmTest, the_timeline_flags_it_beside_phases_and_failed_checks) {
    tell("something", Phase{.text = text}, Check{.text = text, .passed = 1, .value = 0},
         Check{.text = text, .passed = 0, .value = 0},
         Report{.kind = ReportKind::storm, .text = text}, Verdict{.text = text, .passed = 0});
    model::Store store;
    for (const model::Event& event : told)
        store.append(event.record, event.hart);
    view::timeline::Lanes lanes;
    while (lanes.update(store, 1000)) {
    }
    std::vector<FlagKind> kinds;
    for (const auto& flag : lanes.flags())
        kinds.push_back(flag.kind);
    EXPECT_EQ(kinds,
              (std::vector{FlagKind::phase, FlagKind::alarm, FlagKind::alarm, FlagKind::verdict}));
}

} // namespace
