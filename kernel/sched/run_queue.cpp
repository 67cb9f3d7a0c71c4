// SPDX-License-Identifier: BSD-2-Clause
#include "sched/run_queue.hpp"

#include "hart/panic.hpp"

namespace sched {

void RunQueue::put(Lwp& lwp, Place place) {
    Priority priority = lwp.effective(); // (3)
    ASSERT(priority > idle_priority && priority < priority_count);

    if (place == Place::head)
        fifos_[priority].push_front(lwp);
    else
        fifos_[priority].push_back(lwp);
    bitmap_[priority / 64] |= u64{1} << priority % 64; // (1)
    if (priority > highest_)
        highest_ = priority; // (2)
}

void RunQueue::remove(Lwp& lwp) {
    Priority priority = lwp.effective();
    fifos_[priority].remove(lwp);
    if (fifos_[priority].empty())
        note_empty(priority);
}

void RunQueue::note_empty(Priority priority) {
    bitmap_[priority / 64] &= ~(u64{1} << priority % 64); // (1)
    if (priority != highest_)
        return;
    highest_ = idle_priority; // (2)
    for (unsigned word = priority / 64 + 1; word-- > 0 && highest_ == idle_priority;)
        if (bitmap_[word] != 0)
            highest_ = static_cast<Priority>(
                word * 64 + 63 - static_cast<unsigned>(__builtin_clzll(bitmap_[word])));
}

Lwp* RunQueue::first_movable() const {
    for (unsigned priority = highest(); priority > idle_priority; priority--)
        for (Lwp* lwp = fifos_[priority].front(); lwp != nullptr; lwp = Fifo::next(*lwp))
            if (lwp->may_move())
                return lwp;
    return nullptr;
}

} // namespace sched
