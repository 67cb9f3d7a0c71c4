// SPDX-License-Identifier: BSD-2-Clause
// All events of a run, in causal order, with what is needed to find any instant quickly.
//
// The store is append-only. A loader (a live port, a trace directory, a race-finder result) merges
// the harts' packets by stamp and appends; views read. It grows by chunks of 8192 events; each has
// the State before its first event as a key frame, so the state at any instant is one copy and at
// most 8192 apply() away. Within a chunk, events lie as columns; fields take only the bytes that
// their event uses, and are found by adding up at most 15 sizes from the last noted offset.
//
// Rules
//   - One writer and one reader, the same thread (the loader's own threads hand over whole
//     packets).
//   - Indices are stable: event i stays event i.
//   - Nothing here trusts its input; problems are recorded, not thrown.
// Invariants
//   (1) Stamps never decrease. An event that comes too late gets the stamp of the one before it.
//   (2) Every event has an id of the schema and a hart below max_harts; others are not stored.
// Read next: load/loader.hpp (who appends), narration.hpp (an event as a sentence)
#pragma once

#include "model/names.hpp"
#include "model/state.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
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
    static constexpr usize key_frame_interval = 8192;
    static constexpr usize most_problems = 10000; // kept; the rest only counts

    void append(const Record& record, HartId hart);
    /// Notes a problem at the present end of the store. One that repeats the last one adds to its
    /// count.
    void report(Problem problem);
    /// The run is over: nothing will be appended any more.
    void finish() { finished_ = true; }

    [[nodiscard]] usize size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] Event event(usize index) const;
    [[nodiscard]] u64 stamp(usize index) const { return chunk(index).stamps[within(index)]; }
    [[nodiscard]] u64 time(usize index) const { return stamp_time(stamp(index)); }
    [[nodiscard]] u16 id(usize index) const { return chunk(index).ids[within(index)]; }
    [[nodiscard]] HartId hart(usize index) const {
        return static_cast<HartId>(chunk(index).harts[within(index)]);
    }
    [[nodiscard]] LwpId lwp(usize index) const {
        return static_cast<LwpId>(chunk(index).lwps[within(index)]);
    }

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
    [[nodiscard]] u64 problem_count() const { return problem_count_; }
    [[nodiscard]] u64 discarded() const { return discarded_; }
    [[nodiscard]] usize memory() const; // bytes

private:
    static constexpr usize group = 16; // events per noted offset

    struct Chunk {
        std::array<u64, key_frame_interval> stamps;
        std::array<u16, key_frame_interval> lwps;
        std::array<u8, key_frame_interval> ids;
        std::array<u8, key_frame_interval> harts;
        std::array<u32, key_frame_interval / group> offsets; // of each 16th event, in fields
        std::vector<u8> fields;
    };
    struct Loss {
        usize at_event;
        HartId hart;
        u64 count;
    };

    static usize within(usize index) { return index % key_frame_interval; }
    [[nodiscard]] const Chunk& chunk(usize index) const {
        return *chunks_[index / key_frame_interval];
    }
    void open_chunk();
    void write(Chunk& into, const Record& record, HartId hart);
    void advance(State& state, usize from, usize to) const;

    std::vector<std::unique_ptr<Chunk>> chunks_;
    std::deque<State> key_frames_; // key_frames_[k]: before the first event of chunks_[k]
    usize size_ = 0;
    u64 last_stamp_ = 0;
    State newest_, cursor_;
    usize cursor_at_ = ~usize{0}; // nowhere yet
    Names names_;
    std::vector<Problem> problems_;
    std::vector<Loss> losses_; // in order of at_event
    u64 problem_count_ = 0;
    u64 discarded_ = 0;
    usize bytes_ = 0; // of full chunks and key frames
    bool finished_ = false;
};

} // namespace model
