// SPDX-License-Identifier: BSD-2-Clause
// The kernel comes up, says what it is, and goes down with a status, on every machine it may meet.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Options;
using boot_test::Outcome;
using boot_test::run;

class Harts : public testing::TestWithParam<unsigned> {};

TEST_P(Harts, all_come_up_and_the_model_agrees_with_every_event) {
    Outcome result = run({.harts = GetParam()});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.store->newest().hart_count, GetParam());
    EXPECT_TRUE(result.store->newest().halted);
    EXPECT_EQ(result.problems(), "");
    EXPECT_EQ(result.broken_invariants(), "");
    EXPECT_EQ(result.store->discarded(), 0u);
}

INSTANTIATE_TEST_SUITE_P(boot, Harts, testing::Values(1, 2, 3, 4, 5, 6, 7, 8));

TEST(boot, free_running_harts_come_up_however_the_firmware_races) {
    for (int round = 0; round < 3; round++) {
        Outcome result = run({.harts = 8, .icount = ""});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(boot, the_first_event_says_what_the_machine_is) {
    Outcome result = run({.arguments = "hz=200"});

    ASSERT_FALSE(result.store->empty());
    auto boot = trace::unpack<trace::Boot>(result.store->event(0).record);
    EXPECT_EQ(result.store->id(0), trace::id_of<trace::Boot>);
    EXPECT_EQ(boot.hz, 200u);
    EXPECT_EQ(boot.timebase, 10'000'000u);
    EXPECT_EQ(boot.schema, trace::schema);
    EXPECT_EQ(result.store->names().of(trace::Kind::parameter, 10), "hz=200");
    EXPECT_EQ(result.store->names().of_level(8), "serial");
}

TEST(boot, a_machine_without_sstc_has_a_clock_all_the_same) {
    Outcome result = run({.harts = 2, .extra = {"-cpu", "rv64,sstc=off"}});

    EXPECT_EQ(result.status, 0) << result.console;
    EXPECT_EQ(result.problems(), "");
    EXPECT_GT(result.count<trace::Tick>(), 0u);
}

TEST(boot, a_bad_parameter_ends_the_run_with_a_sentence_and_status_2) {
    struct Case {
        const char* arguments;
        const char* sentence;
    };
    for (const Case& bad :
         {Case{"colour=red", "there is no boot parameter \"colour\""},
          Case{"scenario=nonsense", "boot parameter scenario=nonsense: there are tour"},
          Case{"model=classic mask=level", "boot parameter mask=level: only with model=borrow"}}) {
        Outcome result = run({.arguments = bad.arguments});
        EXPECT_EQ(result.status, 2) << bad.arguments;
        EXPECT_NE(result.console.find(bad.sentence), std::string::npos) << result.console;
    }
}

TEST(boot, a_legacy_virtio_device_gets_a_hint_and_no_hang) {
    Outcome result = run({.extra = {"-global", "virtio-mmio.force-legacy=true"}});

    EXPECT_EQ(result.status, 0);
    EXPECT_NE(result.console.find("force-legacy=false"), std::string::npos) << result.console;
    EXPECT_EQ(result.events, "");
}

TEST(boot, without_a_reader_the_kernel_runs_all_the_same) {
    Outcome result = run({.events = false});

    EXPECT_EQ(result.status, 0) << result.console;
}

// With two harts at the same time (no icount), so that they do meet at the port.
TEST(boot, what_one_hart_prints_is_not_lost_in_a_port_that_listens_to_another) {
    Outcome result =
        run({.harts = 2, .arguments = "scenario=race case=console trace=none", .icount = ""});

    EXPECT_EQ(result.status, 0) << result.console;
    for (unsigned i = 0; i < 200; i++) {
        std::string line =
            "console: line " + std::to_string(i) + " of 200, and no byte of it is lost";
        EXPECT_NE(result.console.find(line), std::string::npos) << line;
    }
}

} // namespace
