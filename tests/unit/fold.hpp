// SPDX-License-Identifier: BSD-2-Clause
// Kernel and model, held against each other: a run's events, folded into the visualizer's State.
#pragma once

#include "simulated.hpp"

#include "model/state.hpp"

namespace simulated {

/// Folds all events of a run. The first one that is impossible, or after which an invariant of the
/// model is broken, is told in a sentence, with the events that led to it. Empty: there is none.
[[nodiscard]] std::string contradiction(const Outcome& outcome);

/// The model's state after the last event.
[[nodiscard]] model::State final_state(const Outcome& outcome);

/// The events [from, to) as a person reads them, a line each.
[[nodiscard]] std::string told(const Outcome& outcome, size_t from, size_t to);

/// How a run ended: its status, console and last events.
[[nodiscard]] std::string ending(const Outcome& outcome);

} // namespace simulated
