// SPDX-License-Identifier: BSD-2-Clause
// A timing wheel: pending entries in buckets by the tick at which they are due.
//
// Four levels of 256 buckets, like the four bytes of a number. An entry that is due within 256
// ticks lies in the level-0 bucket of its last byte; one due within 65 536 ticks in the level-1
// bucket of its second byte, and so on. Each tick empties one bucket of level 0; when the last byte
// of the tick count wraps, one bucket of level 1 as well; and so up.
//
//   tick 0x000002ff → 0x00000300:   level 0, bucket 00   ─┐
//                                   level 1, bucket 03   ─┴─▶ todo
//
// What comes out of a bucket goes to the `todo` ring, and whoever runs callouts (executor.hpp)
// takes it from there: it is due, or, if it came from a higher level, it is filed again, now lower.
// So neither arming, nor cancelling, nor a tick costs more when more is pending: a tick moves a
// bucket as a whole, and an entry comes down at most three times before it is due.
//
// The count of ticks wraps; only differences mean anything. What is due is never more than half of
// all ticks away, so the sign of a difference says which of two ticks is the earlier one.
//
// Rules
//   - No lock in here: the owner's lock protects wheel and entries (clock.hpp).
// Invariants
//   (1) An entry that is on the wheel is on exactly one ring: todo, or a bucket.
//   (2) After turn() to tick t and filing everything from todo, an entry due at d lies in no bucket
//       that is emptied later than at tick d.
// Why not a sorted list or a heap? Both cost more with more pending, and a kernel has thousands of
// callouts that are nearly all cancelled before they are due.
// Read next: callout.hpp
#pragma once

#include "lib/ring.hpp"

namespace callout {

using Ticks = u64;

/// Tick `a` comes later than tick `b`. Holds across the wrap.
constexpr bool later(Ticks a, Ticks b) {
    return static_cast<i64>(a - b) > 0;
}

/// What puts an object on a wheel.
struct Entry : lib::Ringed {
    Ticks due = 0;
    u8 level = 0, bucket = 0; // where it was filed last
};

class Wheel {
public:
    static constexpr unsigned levels = 4;
    static constexpr unsigned bits = 8;
    static constexpr unsigned buckets = 1u << bits;
    /// No appointment is further ahead than this.
    static constexpr Ticks furthest = Ticks{1} << 62;

    constexpr Wheel() = default;
    constexpr explicit Wheel(Ticks start)
        : now_(start) {}

    /// The tick to which the wheel has turned.
    [[nodiscard]] Ticks now() const { return now_; }
    /// Begins counting at this tick. While nothing is pending.
    void start_at(Ticks now) { now_ = now; }

    /// Files an entry that is on no ring. One that is due already goes straight to todo, which
    /// counts as the bucket of this tick.
    void insert(Entry& entry);
    /// Takes an entry off whatever ring it is on.
    static void remove(Entry& entry) { lib::Ring<Entry>::remove(entry); }

    /// One tick passes. True if there is something to do.
    bool turn();
    [[nodiscard]] bool has_work() const { return !todo_.empty(); }
    /// The next entry that has come out of a bucket, taken off the wheel: due, or to be filed
    /// again. Null if there is none.
    Entry* take();
    [[nodiscard]] bool is_due(const Entry& entry) const { return !later(entry.due, now_); }

    /// Calls visit(entry) for all that have come out of their buckets and were not taken yet, in
    /// order.
    void for_each_to_do(auto&& visit) const { walk(todo_, visit); }
    /// For the monitor and for snapshots: calls visit(entry) for all entries, in no particular
    /// order.
    void for_each(auto&& visit) const {
        walk(todo_, visit);
        for (const auto& level : bucket_)
            for (const lib::Ring<Entry>& bucket : level)
                walk(bucket, visit);
    }

private:
    void choose_bucket(Entry& entry) const;
    static void walk(const lib::Ring<Entry>& ring, auto&& visit) {
        for (Entry* entry = ring.front(); entry != nullptr; entry = ring.after(*entry))
            visit(*entry);
    }
    static constexpr u8 digit(Ticks ticks, unsigned level) {
        return static_cast<u8>(ticks >> level * bits);
    }

    Ticks now_ = 0;
    lib::Ring<Entry> todo_;
    lib::Ring<Entry> bucket_[levels][buckets];
};

} // namespace callout
