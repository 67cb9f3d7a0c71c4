// SPDX-License-Identifier: BSD-2-Clause
// Exhaustive search: every run with at most `bound` departures.
//
// A run is a list of departures in the order of its points. Depth first: make a run, then take each
// of its later points in turn and depart there, in each way that there is. With bound 0 that is one
// run, with 1 as many as there are options, and so on: whoever wants all, deepens step by step.
//
// Pruning. Let hart A stand before step a, and let it be left there for hart B. If nothing that the
// others do until A moves again has to do with a (no shared word in common of which one side
// writes; nothing of a device, no IPI), then a could as well have been done before: leaving A one
// step later gives the same run but for the order of things that do not see each other. So the
// points of a run are taken from the last to the first, what the others did is remembered from the
// whole subtree, and a departure that only repeats its successor is left out.
//
// Invariants
//   (1) A departure that is left out has a successor in the same run, on the same hart, with the
//       same option, that was searched to the same depth.
// What it takes for granted: what is between two shared words, on one hart, is protected by them.
// tests/explore compares it with the search that leaves nothing out.
// Read next: exhaustive.cpp
#pragma once

#include "explore/plan.hpp"

#include <unordered_map>

namespace explore {

/// What some harts did to shared words.
class Footprint {
public:
    void add(const LoggedPoint& point);
    void add(const Footprint& other);
    /// True if this step can change places with all of it.
    [[nodiscard]] bool commutes_with(const LoggedPoint& point) const;

private:
    std::unordered_map<u64, bool> words_; // true: written
    bool everything_ = false;
};

class ExhaustivePlan final : public Plan {
public:
    static constexpr usize stretch = 16; // points of the first departure that make an item

    /// `length`: points of the run without departures.
    ExhaustivePlan(unsigned bound, usize length, bool prunes);
    [[nodiscard]] u64 items() const override;
    [[nodiscard]] std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) override;

private:
    unsigned bound_;
    usize length_;
    bool prunes_;
};

} // namespace explore
