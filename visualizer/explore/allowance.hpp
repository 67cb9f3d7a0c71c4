// SPDX-License-Identifier: BSD-2-Clause
// The allowance of a search: how many schedules all of its items may make together.
//
// It is used up in the order in which one worker would make them, item after item: an item may go
// on as long as the items before it, as far as they have come, and itself have not used it up. So
// several workers may make some schedules too many, but what counts is what one would have made.
//
// Invariants
//   (1) covers() of a finished search depends on the plan and the limit alone, not on the workers.
// Read next: exhaustive.hpp
#pragma once

#include "lib/types.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace explore {

constexpr u64 no_limit = ~u64{0};

/// Lies in memory that the workers share.
class Allowance {
public:
    void set_limit(u64 schedules) { limit_ = schedules; }

    /// May this item make one more? If so, it is counted.
    bool take(u64 item) {
        if (limit_ != no_limit && made_until(item) >= limit_) {
            refused_ = true;
            return false;
        }
        made_[place_of(item)]++;
        return true;
    }
    /// What the items up to this one have made. Once those before it are done: which schedule, for
    /// one worker, the item's last one is.
    [[nodiscard]] u64 made_until(u64 item) const {
        u64 sum = 0;
        for (usize i = 0; i <= place_of(item); i++)
            sum += made_[i];
        return sum;
    }
    /// True if one worker would have come to the item's last one.
    [[nodiscard]] bool covers(u64 item) const {
        return limit_ == no_limit || made_until(item) <= limit_;
    }
    /// True if it was enough for everything.
    [[nodiscard]] bool sufficed() const { return !refused_ && covers(most_items - 1); }
    /// What one worker would have made.
    [[nodiscard]] u64 used(u64 made) const { return std::min(made, limit_); }

private:
    static constexpr usize most_items = 1 << 16; // those above count as the last

    static usize place_of(u64 item) { return std::min<u64>(item, most_items - 1); }

    u64 limit_ = no_limit;
    std::atomic<bool> refused_{false};
    std::array<std::atomic<u32>, most_items> made_{};
};

} // namespace explore
