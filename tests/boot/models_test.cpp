// SPDX-License-Identifier: BSD-2-Clause
// The same drivers and the same story in every interrupt model, with every way to mask, in QEMU.
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

struct Variant {
    const char* name;
    const char* arguments;
};
constexpr Variant variants[] = {
    {"borrow", "model=borrow"},
    {"thread", "model=thread"},
    {"classic", "model=classic"},
    {"traditional_above_audio", "lock_level=audio"},
    {"mask_level", "mask=level"},
    {"eager", "spl=eager"},
    {"eager_classic", "spl=eager model=classic"},
};

class Model : public testing::TestWithParam<Variant> {};

TEST_P(Model, the_tour_passes_and_every_event_is_possible) {
    for (unsigned harts : {1U, 4U}) {
        Outcome result = run({.harts = harts, .arguments = GetParam().arguments});
        EXPECT_EQ(result.status, 0) << result.console;
        EXPECT_EQ(result.problems(), "");
        EXPECT_EQ(result.broken_invariants(), "");
    }
}

INSTANTIATE_TEST_SUITE_P(models, Model, testing::ValuesIn(variants),
                         [](const auto& variant) { return variant.param.name; });

/// mi_switch that chose the LWP of a handler, between the claim and the completion of lines.
TEST(models, only_threads_are_switched_to) {
    Outcome borrow = run({.harts = 4, .arguments = "model=borrow"});
    Outcome thread = run({.arguments = "model=thread"});
    Outcome classic = run({.arguments = "model=classic"});
    for (const Outcome* result : {&borrow, &thread, &classic})
        ASSERT_EQ(result->status, 0) << result->console;

    EXPECT_GT(thread.count<trace::Switch>(), borrow.count<trace::Switch>());
    EXPECT_GT(borrow.count<trace::IrqBlock>(), 0u);
    EXPECT_EQ(thread.count<trace::IrqBlock>(), 0u);
    EXPECT_EQ(classic.count<trace::IrqBlock>(), 0u);
    EXPECT_GT(classic.count<trace::LineDefer>(), 0u); // the spin mutex holds the line off
}

} // namespace
