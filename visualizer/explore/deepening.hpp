// SPDX-License-Identifier: BSD-2-Clause
// Deepening: exhaustive search with one departure more each time, so that what is found has as few
// departures as there can be. The limits are for all of it together.
//
// Read next: exhaustive.hpp, search.hpp
#pragma once

#include "explore/exhaustive.hpp"
#include "explore/search.hpp"

namespace explore {

struct Deepening {
    unsigned from = 0, to = 2; // departures at most
    Pruning pruning = Pruning::sound;
    std::optional<Ending> wanted = std::nullopt; // what is looked for; nothing: any failure
};

/// Where somebody watches.
struct DeepeningWatch {
    /// What follows the search with this bound; `before`: what those before it did.
    std::function<Progress(unsigned bound, const Found& before)> progress;
    /// No run with at most so many departures fails.
    std::function<void(unsigned bound, const Found& found)> completed;
};

/// `length`: points of the run without departures. What all bounds did together, and which was the
/// last.
[[nodiscard]] Found deepen(Runner& runner, u64 length, const Deepening& how, const Limits& limits,
                           const DeepeningWatch& watch = {});

} // namespace explore
