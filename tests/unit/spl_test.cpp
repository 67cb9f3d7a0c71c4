// SPDX-License-Identifier: BSD-2-Clause
// Levels that are told to the hardware, and levels that are not (S3.5, S3.7).
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/spl.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Spl;

constexpr unsigned line_count = 4;
constexpr unsigned arrivals = 12;

unsigned served[line_count];
trace::Level last_served = 0;

irq::Served serve(void* argument) {
    auto index = reinterpret_cast<u64>(argument);
    served[index]++;
    last_served = static_cast<trace::Level>(hart::ipl::first_line + index);
    return irq::Served::yes;
}

irq::Handler handlers[line_count];

void attach_all() {
    static constexpr const char* names[line_count] = {"disk", "ether", "sound", "port"};
    for (unsigned i = 0; i < line_count; i++) {
        handlers[i].name = names[i];
        handlers[i].line = static_cast<trace::LineId>(i + 1);
        handlers[i].level = static_cast<trace::Level>(hart::ipl::first_line + i);
        handlers[i].function = serve;
        handlers[i].argument = reinterpret_cast<void*>(u64{i});
        irq::attach(handlers[i]);
    }
}

constexpr Options options(Spl spl, unsigned long seed = 1) {
    return {.seed = seed, .calm = quiet, .interrupts = {.spl = spl}};
}

u32 writes() {
    return hart::self().spl_writes;
}

/// Lines that come while the level is raised, in a random order, each at most once: every one is
/// served exactly once, those above at once, the others when the level falls, most urgent first.
void raise_and_be_interrupted() {
    attach_all();
    u64 state = chosen_seed() * 0x9e3779b97f4a7c15 + 1;
    auto below = [&](unsigned bound) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<unsigned>((state >> 32) % bound);
    };
    unsigned expected[line_count] = {};
    for (unsigned round = 0; round < arrivals; round++) {
        auto level = static_cast<trace::Level>(below(hart::ipl::last_line + 1));
        bool waits[line_count] = {};
        trace::Level lowest = hart::ipl::count;
        {
            hart::LevelGuard guard(level);
            for (unsigned count = below(line_count); count > 0; count--) {
                unsigned line = below(line_count);
                auto its = static_cast<trace::Level>(hart::ipl::first_line + line);
                if (waits[line])
                    continue;
                expected[line]++;
                fire(line + 1);
                waits[line] = its <= level;
                ASSERT(served[line] == expected[line] - waits[line]);
                if (waits[line] && its < lowest)
                    lowest = its;
            }
        }
        for (unsigned line = 0; line < line_count; line++)
            ASSERT(served[line] == expected[line]);
        ASSERT(lowest == hart::ipl::count || last_served == lowest);
    }
}

} // namespace

TEST(Spl, a_hundred_thousand_pairs_in_lazy_mode_write_nothing_to_the_hardware) {
    Outcome run = boot({.calm = quiet, .traced = false}, [] {
        for (unsigned i = 0; i < 100'000; i++)
            hart::LevelGuard guard(hart::ipl::net);
        ASSERT(writes() == 0);
    });
    EXPECT_TRUE(run.passed()) << ending(run);
}

TEST(Spl, each_pair_in_eager_mode_writes_twice_if_it_reaches_a_line_level) {
    Outcome run = boot(options(Spl::eager), [] {
        u32 before = writes();
        for (unsigned i = 0; i < 10; i++)
            hart::LevelGuard guard(hart::ipl::net);
        ASSERT(writes() == before + 20);
        for (unsigned i = 0; i < 10; i++)
            hart::LevelGuard guard(hart::ipl::softnet);
        ASSERT(writes() == before + 20);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::SplWrite>(), 20u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Spl, a_line_that_is_held_off_is_claimed_in_lazy_mode_and_never_seen_in_eager_mode) {
    auto body = [] {
        attach_all();
        hart::LevelGuard guard(hart::ipl::serial);
        fire(1);
        ASSERT(served[0] == 0);
    };
    Outcome lazy = boot(options(Spl::lazy), body);
    ASSERT_TRUE(lazy.passed()) << ending(lazy);
    EXPECT_EQ(lazy.count<trace::LineDefer>(), 1u);
    EXPECT_EQ(lazy.count<trace::SplWrite>(), 0u);
    Outcome eager = boot(options(Spl::eager), body);
    ASSERT_TRUE(eager.passed()) << ending(eager);
    EXPECT_EQ(eager.count<trace::LineDefer>(), 0u);
}

TEST(Spl, whatever_arrives_is_served_exactly_once_in_order_of_urgency) {
    for (unsigned long seed = 1; seed <= 40; seed++) {
        for (Spl spl : {Spl::lazy, Spl::eager}) {
            Outcome run = boot(options(spl, seed), raise_and_be_interrupted);
            ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
            ASSERT_EQ(contradiction(run), "") << "seed " << seed;
        }
    }
}
