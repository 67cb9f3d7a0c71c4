// SPDX-License-Identifier: BSD-2-Clause
// Strategies: what decides at choice points, and thereby which runs are looked at.
//
//   RandomStrategy   departs about once in `calm` points, anywhere: cheap breadth
//   PctStrategy      probabilistic concurrency testing (Burckhardt and others, 2010): harts have
//                    random priorities and the highest moves; at d - 1 random points the one that
//                    moves falls to the bottom, or an interrupt strikes. A bug that needs d things
//                    in a certain order, in runs of n points on h harts, is met by each run with a
//                    probability of at least 1 / (h · n^(d-1))
//   FixedStrategy    exactly these departures: replay, shrinking, exhaustive search
//
// Rules
//   - choose() is called once per point, in order, on the stack of the hart that stands there. It
//     allocates nothing and throws nothing.
// Invariants
//   (1) A strategy's choices depend on its seed and the points alone.
// Read next: pilot.hpp
#pragma once

#include "explore/schedule.hpp"

#include <array>

namespace explore {

using arch::host::Option;
using arch::host::Place;
using arch::host::Point;

class Strategy {
public:
    virtual ~Strategy() = default;
    /// An option of the point, which is the `number`th of its hart.
    virtual unsigned choose(const Point& point, u64 number) = 0;
};

/// xorshift64*.
class Dice {
public:
    explicit Dice(u64 seed);
    u64 next();
    u64 below(u64 bound) { return (next() >> 16) % bound; }

private:
    u64 state_;
};

class RandomStrategy final : public Strategy {
public:
    explicit RandomStrategy(u64 seed);
    unsigned choose(const Point& point, u64 number) override;

private:
    static constexpr unsigned most_ticks = 200;

    void draw_gap();
    bool may_tick();

    Dice dice_;
    u64 calm_;
    u64 gap_ = 0; // points until the next departure
    unsigned ticks_left_ = most_ticks;
};

/// Departs `count` times, somewhere in the first `length` points or so.
class SparseStrategy final : public Strategy {
public:
    SparseStrategy(u64 seed, u64 count, u64 length);
    unsigned choose(const Point& point, u64 number) override;

private:
    void draw_gap() { gap_ = dice_.below(widest_gap_); }

    Dice dice_;
    u64 left_, widest_gap_;
    u64 gap_ = 0; // points until the next departure
};

class PctStrategy final : public Strategy {
public:
    /// For bugs of this depth, in runs of about `length` points.
    PctStrategy(u64 seed, unsigned depth, u64 length);
    unsigned choose(const Point& point, u64 number) override;

private:
    static constexpr unsigned most_changes = 15;

    bool is_change();
    unsigned highest(const Point& point) const;

    Dice dice_;
    std::array<u64, most_changes> changes_{}; // in order
    unsigned change_count_ = 0, changes_over_ = 0;
    u64 points_ = 0;
    std::array<i64, arch::max_harts> priority_{};
    i64 lowest_ = 0;
};

class FixedStrategy final : public Strategy {
public:
    explicit FixedStrategy(const Departures& departures);
    unsigned choose(const Point& point, u64 number) override;
    /// Departures that could be made as they were asked for.
    [[nodiscard]] usize made() const { return made_; }

private:
    struct Queue {
        Departures departures; // of one hart, in order
        usize next = 0;
    };
    std::array<Queue, arch::max_harts> queues_;
    usize made_ = 0;
};

} // namespace explore
