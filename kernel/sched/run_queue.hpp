// SPDX-License-Identifier: BSD-2-Clause
// A run queue: the runnable LWPs of one hart, a FIFO per priority and a bitmap of those not empty.
//
// Who is most urgent is asked at every wake-up, switch and debt, so it is kept, and looked for only
// when the most urgent FIFO becomes empty: the highest bit of four words, no loop over priorities.
//
// Rules
//   - Protected by sched::lock.
// Invariants
//   (1) Bit p of the bitmap is set exactly if FIFO p holds an LWP.
//   (2) `highest_` is the highest bit that is set, or idle_priority.
//   (3) An LWP is in the FIFO of its effective priority; whoever changes that moves it.
// Why one queue per hart? An LWP stays where its data is in the cache, and the picture on the
// screen has one queue under each hart. An idle hart steals (idle.cpp).
// Read next: sched.hpp
#pragma once

#include "sched/lwp.hpp"

namespace sched {

enum class Place : u8 { tail, head };

class RunQueue {
public:
    void put(Lwp& lwp, Place place);
    void remove(Lwp& lwp);

    [[nodiscard]] bool empty() const { return highest() == idle_priority; }
    /// The priority of the first LWP; idle_priority if there is none.
    [[nodiscard]] Priority highest() const { return highest_; }
    [[nodiscard]] Lwp* first() const { return fifos_[highest_].front(); }
    /// The first LWP, taken off; null if there is none.
    Lwp* take_first() {
        Fifo& fifo = fifos_[highest_]; // (2): empty only if all are
        Lwp* lwp = fifo.pop_front();
        if (lwp != nullptr && fifo.empty())
            note_empty(highest_);
        return lwp;
    }
    /// The most urgent LWP that may run on any hart, or null.
    [[nodiscard]] Lwp* first_movable() const;

    /// Calls fn(lwp) in the order in which they would run.
    void for_each(auto&& fn) const {
        for (unsigned priority = priority_count; priority-- > 0;)
            for (Lwp* lwp = fifos_[priority].front(); lwp != nullptr; lwp = Fifo::next(*lwp))
                fn(*lwp);
    }

private:
    using Fifo = lib::List<Lwp, &Lwp::queue_link>;
    void note_empty(Priority priority);

    Priority highest_ = idle_priority; // (2)
    u64 bitmap_[priority_count / 64] = {};
    Fifo fifos_[priority_count];
};

} // namespace sched
