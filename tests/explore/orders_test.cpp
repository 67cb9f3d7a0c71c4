// SPDX-License-Identifier: BSD-2-Clause
// Delayed stores: programs that RVWMO does not promise anything are broken by them, and only by
// them; the same programs with the right operations of hart::Cell are not.
#include "explore/program.hpp"

#include <gtest/gtest.h>

namespace explored {

namespace {

/// 1: found.
int search(const std::string& name, const std::string& more, unsigned budget = 3000) {
    return explore("--scenario race --case " + name + " --budget " + std::to_string(budget)
                   + " --out " + scratch("orders").string() + more)
        .status;
}

} // namespace

TEST(Orders, a_store_may_be_seen_after_a_later_load) {
    EXPECT_EQ(search("flags-plain", " --stores", 40'000), 1);
    EXPECT_EQ(search("flags-plain", ""), 0);
    EXPECT_EQ(search("flags-swapped", " --stores"), 0);
}

TEST(Orders, a_store_may_be_seen_after_a_later_store_that_does_not_publish) {
    EXPECT_EQ(search("message-plain", " --stores", 40'000), 1);
    EXPECT_EQ(search("message-plain", ""), 0);
    EXPECT_EQ(search("message-published", " --stores"), 0);
}

// A fence that is missing in the kernel: only a machine that delays stores shows it (M13). That it
// does is for corpus_test.cpp.
TEST(Orders, a_missing_fence_is_no_bug_where_stores_are_not_delayed) {
    EXPECT_EQ(search("rm", " --mutation unfenced_reader", 5000), 0);
    EXPECT_EQ(search("mutex", " --mutation weak_spin_exit", 5000), 0);
}

} // namespace explored
