// SPDX-License-Identifier: BSD-2-Clause
// What statistics count: who blocked, on what, for how long; what was reported.
#include "model/builder.hpp"
#include "model/statistics.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace {

using namespace model_test;
using model::Durations;
using model::Statistics;

TEST(Durations, a_bar_counts_a_doubling) {
    Durations times;
    for (u64 ticks : {0, 1, 2, 3, 4, 7, 8})
        times.add(ticks);
    EXPECT_EQ(times.histogram[0], 1U);
    EXPECT_EQ(times.histogram[1], 1U);
    EXPECT_EQ(times.histogram[2], 2U);
    EXPECT_EQ(times.histogram[3], 2U);
    EXPECT_EQ(times.histogram[4], 1U);
    times.add(~0ull);
    EXPECT_EQ(times.histogram.back(), 1U) << "what is beyond all bars counts in the last one";
    EXPECT_EQ(std::accumulate(times.histogram.begin(), times.histogram.end(), 0u), times.count);
}

struct StatisticsTest : testing::Test {
    [[nodiscard]] Statistics all() { return model::measure(store, 0, store.size()); }
    model::Store store;
    Builder machine{1, into(store)};
    LineId uart = machine.attach("uart0", 8);
    LockId lock = machine.init_lock("line");
    LwpId worker = machine.create("worker", LwpKind::kernel, 50);

    void SetUp() override {
        machine.start(worker);
        machine.resched(0);
    }
    /// The handler wants what its victim holds, and waits `ticks` for it.
    void block_for(u64 ticks) {
        machine.acquire(0, lock);
        machine.interrupt(0, uart);
        machine.acquire(0, lock);
        machine.advance(ticks);
        machine.release(0);
        machine.resched(0);
        machine.acquire(0, lock);
        machine.release(0);
        machine.finish_interrupt(0);
    }
};

TEST_F(StatisticsTest, how_often_and_how_long_a_handler_blocked_and_on_which_lock) {
    block_for(1000);
    block_for(3000);
    machine.interrupt(0, uart);
    machine.finish_interrupt(0);
    ASSERT_TRUE(store.problems().empty()) << store.problems().front().sentence;
    const model::LineStatistics line = all().lines.at(uart);
    EXPECT_EQ(line.claims, 3U);
    EXPECT_EQ(line.borrowed, 3U);
    EXPECT_EQ(line.blocked.count, 2U);
    EXPECT_EQ(line.completed.count, 1U);
    EXPECT_EQ(line.all.count, 3U);
    ASSERT_EQ(line.blocked_on.size(), 1U);
    EXPECT_EQ(line.blocked_on.at(lock).count, 2U);
    EXPECT_NEAR(static_cast<double>(line.blocked_on.at(lock).total), 4000, 2);
    EXPECT_NEAR(static_cast<double>(line.blocked_on.at(lock).longest), 3000, 2);
}

TEST_F(StatisticsTest, handlers_are_counted_by_the_model_that_serves_them) {
    auto serve = [&](LwpId handler, LwpId victim, Model model) {
        machine.emit(0, LineClaim{.line = uart, .level = 8});
        machine.emit(
            0, IrqEnter{
                   .line = uart, .handler = handler, .victim = victim, .level = 8, .model = model});
        machine.emit(0, LineComplete{.line = uart});
        machine.emit(0, IrqExit{.line = uart, .handler = handler, .victim = victim, .blocked = 0});
    };
    serve(LwpId::none, worker, Model::classic);
    serve(LwpId::none, worker, Model::classic);
    serve(worker, LwpId::none, Model::thread); // as if it were the handler
    EXPECT_TRUE(store.problems().empty());
    EXPECT_EQ(all().lines.at(uart).inside, 2U);
    EXPECT_EQ(all().lines.at(uart).dispatched, 1U);
    EXPECT_EQ(all().lines.at(uart).borrowed, 0U);
}

TEST_F(StatisticsTest, a_thread_that_blocks_counts_although_no_victim_waits) {
    machine.emit(0, LineClaim{.line = uart, .level = 8});
    machine.emit(0, IrqEnter{.line = uart,
                             .handler = worker,
                             .victim = LwpId::none,
                             .level = 8,
                             .model = Model::thread});
    machine.emit(0, LockBlock{.lock = lock, .owner = LwpId::none, .hold = Hold::exclusive});
    machine.advance(500);
    machine.emit(0, LockWake{.lock = lock, .subject = worker});
    machine.emit(0, LockAcquire{.lock = lock, .hold = Hold::exclusive, .contended = 1});
    machine.emit(0, LineComplete{.line = uart});
    machine.emit(0, IrqExit{.line = uart, .handler = worker, .victim = LwpId::none, .blocked = 0});
    EXPECT_EQ(all().lines.at(uart).blocked.count, 1U);
    EXPECT_NEAR(static_cast<double>(all().lines.at(uart).blocked_on.at(lock).total), 500, 2);
}

TEST_F(StatisticsTest, reports_are_counted_by_kind_and_listed_with_their_event) {
    TextId words = machine.text("a before b here, b before a there");
    machine.emit(0, Report{.kind = ReportKind::lock_order, .text = words});
    usize at = store.size() - 1;
    Statistics found = all();
    EXPECT_EQ(found.reports[static_cast<usize>(ReportKind::lock_order)], 1U);
    ASSERT_EQ(found.reports_of.size(), 1U);
    EXPECT_EQ(found.reports_of[0].event, at);
    EXPECT_EQ(found.reports_of[0].text, words);
    EXPECT_EQ(store.newest().reports, 1U);
    EXPECT_EQ(store.newest().report_kind, ReportKind::lock_order);
    EXPECT_EQ(store.newest().report_stamp, store.stamp(at));
}

TEST_F(StatisticsTest, a_measurement_in_slices_finds_the_same_as_one_at_once) {
    for (int i = 0; i < 20; i++)
        block_for(10);
    model::Measurement measurement(model::State(store.state_after(0)), 0, store.time(0));
    Statistics midway;
    for (usize i = 0; i < store.size(); i++) {
        measurement.add(store.event(i));
        if (i == store.size() / 2)
            midway = measurement.result();
    }
    EXPECT_LT(midway.lines.at(uart).claims, 20U);
    EXPECT_EQ(measurement.result().lines.at(uart).all.total, all().lines.at(uart).all.total);
    EXPECT_EQ(measurement.result().lwps.at(worker).ran, all().lwps.at(worker).ran);
}

TEST_F(StatisticsTest, callouts_that_ran_late_or_not_at_all) {
    CalloutId callout = machine.init_callout("flush");
    machine.reset_callout(0, callout, 5);
    machine.emit(0, CalloutTake{.callout = callout, .lock = LockId::none});
    machine.emit(0, CalloutSkip{.callout = callout});
    machine.emit(0, CalloutDone{.callout = callout});
    machine.reset_callout(0, callout, 9);
    machine.emit(0, CalloutStop{.callout = callout, .result = CalloutResult::cancelled});
    EXPECT_TRUE(store.problems().empty());
    EXPECT_EQ(all().callouts.at(callout).skipped, 1U);
    EXPECT_EQ(all().callouts.at(callout).cancelled, 1U);
    EXPECT_EQ(all().callouts.at(callout).runs.count, 0U);
}

} // namespace
