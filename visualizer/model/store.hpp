// SPDX-License-Identifier: BSD-2-Clause
// All events of a run, in causal order, with what is needed to find any instant quickly.
//
// The store is append-only. A loader (a live port, a trace directory, a race-finder result) merges
// the harts' packets by stamp and appends; views read. Every `key_frame_interval` events it keeps a
// copy of the State, so the state at any event is one copy and at most that many apply() away.
//
// Rules
//   - One writer and one reader, the same thread (the loader's own threads hand over whole
//   packets).
//   - Indices are stable: event i stays event i.
//   - Nothing here trusts its input; problems are recorded, not thrown.
// Read next: load/loader.hpp (who appends), narration.hpp (an event as a sentence)
#pragma once

#include "model/names.hpp"
#include "model/state.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace model {

/// A decoded event: the record and the hart that wrote it.
struct Event {
    Record record;
    HartId hart;

    [[nodiscard]] u64 stamp() const { return record.stamp; }
    [[nodiscard]] u64 time() const { return stamp_time(record.stamp); }
    [[nodiscard]] u16 id() const { return record_id(record); }
    [[nodiscard]] LwpId lwp() const { return static_cast<LwpId>(record_lwp(record)); }
};

/// Something wrong with the trace or impossible in it: shown in the window, counted, never fatal.
struct Problem {
    enum class Kind : u8 {
        malformed,
        discarded,
        out_of_order,
        impossible,
        truncated,
        unknown_event
    };
    Kind kind;
    HartId hart;
    u64 time;       // of the nearest good event, in clock ticks
    usize at_event; // index in the store
    u64 count;      // events lost, bytes skipped, …
    std::string sentence;
};

class Store {
public:
    static constexpr usize key_frame_interval = 4096;

    void append(const Record& record, HartId hart);
    void report(Problem problem);
    /// The run is over: nothing will be appended any more.
    void finish() { finished_ = true; }

    [[nodiscard]] usize size() const { return stamps_.size(); }
    [[nodiscard]] bool empty() const { return stamps_.empty(); }
    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] Event event(usize index) const;
    [[nodiscard]] u64 time(usize index) const { return stamp_time(stamps_[index]); }
    [[nodiscard]] u16 id(usize index) const { return ids_[index]; }

    /// Number of events at or before a time: the index of the first event after it.
    [[nodiscard]] usize upper_bound(u64 time) const;
    /// The next event at or after / the last before `from` for which matches(event) holds; size()
    /// if none.
    template <class F> usize find_next(usize from, F&& matches) const {
        for (usize i = from; i < size(); i++)
            if (matches(event(i)))
                return i;
        return size();
    }
    template <class F> usize find_previous(usize before, F&& matches) const {
        for (usize i = before; i > 0; i--)
            if (matches(event(i - 1)))
                return i - 1;
        return size();
    }

    /// The state after the first `count` events have happened (count <= size()).
    /// The reference is valid until the next call that moves the cursor. Cheap when moving forward.
    const State& state_after(usize count);
    /// The state after everything so far (kept up to date by append).
    [[nodiscard]] const State& newest() const { return newest_; }

    [[nodiscard]] const Names& names() const { return names_; }
    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
    [[nodiscard]] u64 discarded() const { return discarded_; }
    [[nodiscard]] usize memory() const; // bytes

private:
    std::vector<u64> stamps_;
    std::vector<u16> ids_;
    std::vector<u16> lwps_;
    std::vector<u8> harts_;
    std::vector<std::array<u8, 20>> fields_;
    std::deque<State> key_frames_; // key_frames_[k]: after k * key_frame_interval events
    State newest_, cursor_;
    usize cursor_at_ = 0;
    Names names_;
    std::vector<Problem> problems_;
    u64 discarded_ = 0;
    bool finished_ = false;
};

} // namespace model
