// SPDX-License-Identifier: BSD-2-Clause
// Behaviours: two runs behave alike if every hart does the same in the same order, and each access
// finds its word as left by the same access before it. Whatever else the runs differ in, the order
// of things that do not see each other, makes no difference to anybody (Mazurkiewicz, 1977).
//
// The search counts how many different behaviours it has seen. That number is what tells whether
// pruning lost something: a schedule that it left out must behave like one that was run
// (tests/explore/pruning_test.cpp).
//
// A behaviour is known by a hash of 64 bits. What is held back in a store buffer is not followed:
// with --stores, runs that differ only in when a store arrived count as one.
#pragma once

#include "explore/pilot.hpp"

#include <atomic>

namespace explore {

[[nodiscard]] u64 behaviour_of(const std::vector<LoggedPoint>& points);

/// Those that were seen, by any worker; in shared memory, zeroed.
class Behaviours {
public:
    static constexpr usize room = 1 << 20;

    /// Takes note of it. When three quarters of the room are used, nothing new is noted.
    void add(u64 behaviour);
    [[nodiscard]] u64 count() const { return count_; }

private:
    std::atomic<u64> count_;
    std::atomic<u64> table_[room]; // 0: free
};

} // namespace explore
