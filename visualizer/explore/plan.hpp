// SPDX-License-Identifier: BSD-2-Clause
// A plan: a search cut into numbered items that several workers can do, each by itself.
//
//   random, pct    item i is the run of seed first + i
//   exhaustive     item i is a stretch of the points at which the first departure is made
//                  (exhaustive.hpp)
//
// Rules
//   - An item does the same whoever does it, so "the first item that fails" is the same with one
//     worker as with many.
#pragma once

#include "explore/allowance.hpp"
#include "explore/behaviour.hpp"
#include "explore/runner.hpp"

#include <atomic>
#include <memory>
#include <optional>

namespace explore {

/// What all workers count together; in shared memory.
struct Tally {
    std::atomic<u64> next_item;
    std::atomic<u64> schedules;
    std::atomic<u64> pruned; // subtrees that need no run
    std::atomic<u64> points;
    std::atomic<u64> found_item; // the lowest that failed
    std::atomic<bool> cancelled;
    Allowance allowance;   // exhaustive search only
    Behaviours behaviours; // exhaustive search only
};

class Plan {
public:
    virtual ~Plan() = default;
    [[nodiscard]] virtual u64 items() const = 0;
    /// The failure that this item comes upon, if any.
    [[nodiscard]] virtual std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) = 0;
};

class RandomPlan final : public Plan {
public:
    RandomPlan(u64 first_seed, u64 items)
        : first_seed_(first_seed)
        , items_(items) {}
    [[nodiscard]] u64 items() const override { return items_; }
    [[nodiscard]] std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) override;

private:
    u64 first_seed_, items_;
};

/// Runs with few departures, at random, until one fails in a certain way.
class SparsePlan final : public Plan {
public:
    /// `length`: points of a run without departures.
    SparsePlan(u64 items, u64 count, u64 length, Ending wanted)
        : items_(items)
        , count_(count)
        , length_(length)
        , wanted_(wanted) {}
    [[nodiscard]] u64 items() const override { return items_; }
    [[nodiscard]] std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) override;

private:
    u64 items_, count_, length_;
    Ending wanted_;
};

class PctPlan final : public Plan {
public:
    /// `length`: points of a run without departures.
    PctPlan(u64 first_seed, u64 items, unsigned depth, u64 length)
        : first_seed_(first_seed)
        , items_(items)
        , depth_(depth)
        , length_(length) {}
    [[nodiscard]] u64 items() const override { return items_; }
    [[nodiscard]] std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) override;

private:
    u64 first_seed_, items_;
    unsigned depth_;
    u64 length_;
};

} // namespace explore
