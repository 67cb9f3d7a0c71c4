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
// What comes out of a bucket goes to the `todo` list, and whoever runs callouts (softclock) takes
// it from there: it is due, or, if it came from a higher level, it is filed again, now lower. So
// neither arming, nor cancelling, nor a tick costs more when more is pending.
//
// Rules
//   - No lock in here: the owner's lock protects wheel and entries (callout.cpp).
// Invariants
//   (1) An entry that is on the wheel is on exactly one list, and `list` names it.
//   (2) After turn() to tick t and filing everything from todo, an entry due at d lies in no bucket
//       that is emptied later than at tick d.
// Why not a sorted list or a heap? Both cost more with more pending, and a kernel has thousands of
// callouts that are nearly all cancelled before they are due.
// Read next: callout.hpp
#pragma once

#include "lib/list.hpp"

namespace callout {

using Ticks = u64;

struct Entry;

/// What puts an object on a wheel.
struct Entry {
    lib::Link<Entry> link;
    lib::List<Entry, &Entry::link>* list = nullptr; // null: not on the wheel
    Ticks due = 0;
};

using EntryList = lib::List<Entry, &Entry::link>;

class Wheel {
public:
    constexpr Wheel() = default;
    constexpr explicit Wheel(Ticks start)
        : now_(start) {}

    /// The tick to which the wheel has turned.
    [[nodiscard]] Ticks now() const { return now_; }

    /// Files an entry that is on no list. One that is due already goes straight to todo.
    void insert(Entry& entry);
    /// Takes an entry off whatever list it is on.
    void remove(Entry& entry);

    /// One tick passes. True if there is something to do.
    bool turn();
    /// The next entry that is due, taken off the wheel; files again what is not due yet. Null if
    /// none.
    Entry* take_due();

    /// For the monitor and for snapshots: calls visit(entry) for all entries, in no particular
    /// order.
    void for_each(auto&& visit) const {
        for (const EntryList* list = &todo_; list != nullptr; list = after(list))
            for (Entry* entry = list->front(); entry != nullptr; entry = EntryList::next(*entry))
                visit(*entry);
    }

private:
    static constexpr unsigned levels = 4;
    static constexpr unsigned bits = 8;
    static constexpr unsigned buckets = 1u << bits;

    [[nodiscard]] EntryList& list_for(Ticks due);
    static constexpr unsigned digit(Ticks ticks, unsigned level) {
        return (ticks >> level * bits) % buckets;
    }
    /// todo, then all buckets, then null.
    [[nodiscard]] const EntryList* after(const EntryList* list) const;

    Ticks now_ = 0;
    EntryList todo_;
    EntryList bucket_[levels][buckets];
};

} // namespace callout
