// SPDX-License-Identifier: BSD-2-Clause
// Puts the records of all harts in the one order in which nothing comes before its cause: by
// (stamp, hart). See trace/record.hpp for why that is enough.
//
//   hart 0  ──▶ │ 3 5 9 ─ ─
//   hart 1  ──▶ │ 4 7 ─ ─ ─          bound 7: append 3 4 5 7, keep 9
//
// A record may go to the store when no earlier one can still come. Two things tell so: a hart's
// stamps only grow, so nothing before the least of the harts' newest stamps can come (safe bound);
// and a live kernel flushes each hart at every clock tick, so nothing older than a few ticks is
// still under way (live bound; a hart that QEMU keeps waiting for its turn may miss some). What
// comes later than that all the same, the store reports.
//
// Rules
//   - Notes (losses, garbage) keep their place: a note is reported before the record after it.
#pragma once

#include "model/store.hpp"
#include "trace/packet.hpp"

#include <array>
#include <deque>
#include <vector>

namespace load {

using trace::HartId;
using trace::Record;

class Merger {
public:
    explicit Merger(model::Store& store)
        : store_(store) {}

    void add(HartId hart, const Record& record);
    /// A problem that was noticed before the next record of this hart.
    void note(HartId hart, model::Problem problem);
    /// Everything of this hart up to this stamp has been added.
    void heard_of(HartId hart, u64 stamp);

    /// Appends all records that are safe by the harts' newest stamps. `harts`: how many there are
    /// to hear from.
    void append_safe(unsigned harts);
    /// Appends all records older than `time`.
    void append_before(u64 time);
    void append_all();
    /// A hart from which no more will come does not hold the others up.
    void close(HartId hart);

    [[nodiscard]] u64 newest_time() const { return trace::stamp_time(newest_); }
    [[nodiscard]] usize waiting() const;

private:
    struct Note {
        u64 before; // which record of this hart it precedes, counted from the first
        model::Problem problem;
    };
    struct Queue {
        std::vector<Record> records;
        usize head = 0;
        u64 popped = 0; // records that left, over all time
        u64 newest = 0; // no stamp at or before this one is still to come
        std::deque<Note> notes;

        [[nodiscard]] bool empty() const { return head == records.size(); }
        [[nodiscard]] u64 first() const { return records[head].stamp; }
        [[nodiscard]] u64 last_added() const { return popped + records.size() - head; }
    };

    void append_until(u64 stamp); // all with a stamp at or before it
    void take(unsigned hart, u64 limit);
    void report_notes(Queue& queue);

    model::Store& store_;
    std::array<Queue, model::max_harts> queues_;
    u64 newest_ = 0;
};

} // namespace load
