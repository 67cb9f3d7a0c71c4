// SPDX-License-Identifier: BSD-2-Clause
// Boot, the run queue, quantum and preemption.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

namespace {

using simulated::boot;
using simulated::contradiction;
using simulated::Outcome;

hart::Cell<unsigned> finished;

void count_up(void*) {
    for (int i = 0; i < 5; i++)
        sched::yield();
    finished.add(1);
}

void wait_for(unsigned count) {
    while (finished.peek() != count)
        sched::yield();
}

} // namespace

TEST(Sched, a_machine_boots_and_halts_with_the_status_of_its_kernel) {
    Outcome outcome = boot({}, [] {});
    EXPECT_FALSE(outcome.crashed);
    EXPECT_EQ(outcome.status, 0u) << outcome.console;
    EXPECT_EQ(outcome.count<trace::Halt>(), 1u);
    EXPECT_EQ(contradiction(outcome), "");
}

TEST(Sched, a_failed_assertion_ends_the_machine_and_says_where) {
    Outcome outcome = boot({}, [] { ASSERT(1 + 1 == 3); });
    EXPECT_EQ(outcome.status, hart::panic_status);
    EXPECT_NE(outcome.console.find("1 + 1 == 3"), std::string::npos) << outcome.console;
    EXPECT_NE(outcome.console.find("hart 0"), std::string::npos) << outcome.console;
    EXPECT_EQ(outcome.count<trace::Panic>(), 1u);
}

TEST(Sched, lwps_of_one_priority_take_turns) {
    for (unsigned long seed = 1; seed <= 20; seed++) {
        Outcome outcome = boot({.harts = 1 + static_cast<unsigned>(seed) % 4, .seed = seed}, [] {
            for (const char* name : {"a", "b", "c"})
                sched::spawn({.name = name}, count_up, nullptr);
            wait_for(3);
        });
        ASSERT_FALSE(outcome.crashed) << "seed " << seed;
        ASSERT_EQ(outcome.status, 0u) << "seed " << seed << "\n" << outcome.console;
        ASSERT_EQ(contradiction(outcome), "") << "seed " << seed;
    }
}
