// SPDX-License-Identifier: BSD-2-Clause
// A ring between the two halves of a driver: one producer, one consumer, no lock (S5.8).
//
//   producer (hard handler)                      consumer (softint, kernel LWP)
//   slot[head] = item; head: publish   ───────▶  head: get; item = slot[tail]; tail: publish
//
// Each index is written by one side alone. The producer's publish makes the item visible before the
// index that says it is there; the consumer's makes the slot free only when it has been read.
//
// Rules
//   - One producer at a time and one consumer at a time. A handler of one line is one producer: it
//     is not called again before it has returned. Nobody waits: a full ring refuses.
// Invariants
//   (1) head - tail is the number of items, 0 … size; both only grow.
#pragma once

#include "hart/cell.hpp"

namespace scenario {

template <class T, u32 size> class Ring {
    static_assert((size & (size - 1)) == 0, "indices wrap with the words that count them");

public:
    /// False: it is full.
    [[nodiscard]] bool put(const T& item) {
        u32 head = head_.peek();
        if (head - tail_.get() == size)
            return false;
        slots_[head % size] = item;
        head_.publish(head + 1); // (1)
        return true;
    }
    /// False: it is empty.
    [[nodiscard]] bool take(T& item) {
        u32 tail = tail_.peek();
        if (tail == head_.get())
            return false;
        item = slots_[tail % size];
        tail_.publish(tail + 1); // (1)
        return true;
    }

private:
    hart::Cell<u32> head_; // the producer's
    hart::Cell<u32> tail_; // the consumer's
    T slots_[size] = {};
};

} // namespace scenario
