// SPDX-License-Identifier: BSD-2-Clause
// Exhaustive search: every run with at most `bound` departures.
//
// A run is a list of departures in the order of its points. Depth first: make a run, then take each
// of its later points in turn and depart there, in each way that there is. With bound 0 that is one
// run, with 1 as many as there are options, and so on: whoever wants all, deepens step by step.
//
// Departures that only repeat another one are left out: pruning.hpp says which, and why no failure
// is lost.
//
// Read next: pruning.hpp, exhaustive.cpp
#pragma once

#include "explore/plan.hpp"
#include "explore/pruning.hpp"

namespace explore {

class ExhaustivePlan final : public Plan {
public:
    static constexpr usize stretch = 16; // points of the first departure that make an item

    /// `length`: points of the run without departures.
    /// `wanted`: a run that fails in another way is one that passes.
    ExhaustivePlan(unsigned bound, usize length, Pruning rule,
                   std::optional<Ending> wanted = std::nullopt);
    [[nodiscard]] u64 items() const override;
    [[nodiscard]] std::optional<Outcome> work(u64 item, Runner& runner, Tally& tally) override;

private:
    unsigned bound_;
    usize length_;
    Pruning rule_;
    std::optional<Ending> wanted_;
};

} // namespace explore
