// SPDX-License-Identifier: BSD-2-Clause
// The timeline's index: for each object the spans of its history, in columns.
//
// A span begins at an event (its index in the store) and lasts until the next one of its lane. Its
// class says what the object was: the state of an LWP, the kind of LWP that a hart ran, the state
// of a line, whether a lock was held and waited for. The index replays the store's events on a
// State of its own and notes, after each event, which of the objects it speaks of have changed; so
// the rules of the machine stay in one place, the model.
//
// Every 16 spans the sums of time per class so far are kept. What share of any interval a class
// has is then the difference of two sums, at the price of two searches and at most 32 additions,
// however many spans lie between. A class that occurs in an interval for no measurable time is
// still reported, so that no zoom hides a rare event.
//
// Invariants
//   (1) Starts within a lane strictly increase.
//   (2) Sums are exact: over all classes they add up to the interval's length.
// Read next: lane_paint.hpp
#pragma once

#include "model/store.hpp"
#include "view/selection.hpp"

#include <array>
#include <unordered_map>
#include <vector>

namespace view::timeline {

constexpr usize class_count = 7; // LwpState and LineState both have seven

/// Classes of a lock's lane; the other lanes use LwpState, LwpKind, model::LineState.
enum class LockClass : u8 { free, held, contended };

/// A moment that nobody shall miss, at any zoom: a Phase, a departure of the race finder, the
/// Verdict, and what alarms: a Report, a failed Check, a Panic.
enum class FlagKind : u8 { phase, departure, verdict, alarm };
struct Flag {
    u32 event;
    FlagKind kind;
};

using Durations = std::array<u64, class_count>;

/// What happened within an interval.
struct Mixture {
    Durations ticks{};
    u8 present = 0; // bit per class that occurred at all
};

class Lane {
public:
    explicit Lane(Object object)
        : object_(object) {}

    [[nodiscard]] const Object& object() const { return object_; }
    [[nodiscard]] usize size() const { return starts_.size(); }
    [[nodiscard]] u32 start(usize span) const { return starts_[span]; }
    [[nodiscard]] u8 class_of(usize span) const { return classes_[span]; }
    /// Hart: the LWP that ran. Lock: its owner. Line: its handler. LWP: its hart + 1, or 0.
    [[nodiscard]] u16 who(usize span) const { return who_[span]; }
    /// The span that event `index` belongs to (it has happened); size() if the lane began later.
    [[nodiscard]] usize span_at(u32 index) const;
    /// Spans [from, to) begin at events [first, last).
    [[nodiscard]] std::pair<usize, usize> spans_within(u32 first, u32 last) const;

    void append(const model::Store& store, u32 event, u8 klass, u16 who);
    /// How many spans began with the first `events` events; `hint`: an answer for fewer events.
    [[nodiscard]] usize count_before(u32 events, usize hint = 0) const;
    /// What the lane was from time t0 to t1, before which `from` and `to` spans had begun.
    [[nodiscard]] Mixture within(const model::Store& store, usize from, usize to, u64 t0,
                                 u64 t1) const;

    [[nodiscard]] usize memory() const;

private:
    static constexpr usize block = 16;

    [[nodiscard]] Durations until(const model::Store& store, usize count, u64 time) const;
    [[nodiscard]] u8 present(usize from, usize to) const;

    Object object_;
    std::vector<u32> starts_;
    std::vector<u8> classes_;
    std::vector<u16> who_;
    Durations total_{};             // of all spans that have ended
    std::vector<Durations> sums_;   // sums_[k]: of spans before k * block
    std::vector<u8> block_classes_; // which occur in block k
};

class Lanes {
public:
    /// Takes in new events for at most `milliseconds`; true if there are more. A store that shrank
    /// (a restart) begins anew.
    bool update(const model::Store& store, int milliseconds);

    [[nodiscard]] const std::vector<Lane>& all() const { return lanes_; }
    [[nodiscard]] const Lane* find(const Object& object) const;
    /// In order of events.
    [[nodiscard]] const std::vector<Flag>& flags() const { return flags_; }
    [[nodiscard]] usize looked_at() const { return looked_at_; }
    [[nodiscard]] usize memory() const;

private:
    void note(const model::Store& store, u32 event, const Object& object);
    void note_flag(const model::Store& store, u32 index, const model::Event& event);

    std::vector<Lane> lanes_;
    std::vector<Flag> flags_;
    std::unordered_map<u64, usize> places_;
    model::State state_;
    usize looked_at_ = 0;
    u64 first_stamp_ = 0;
};

} // namespace view::timeline
