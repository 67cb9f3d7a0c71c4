// SPDX-License-Identifier: BSD-2-Clause
// The numbers by which events speak of callouts.
//
// Callouts come and go, so their numbers are used again, in turn, so that one stands for a single
// callout for as long as possible. There are as many as a reader of the trace keeps apart
// (model::max_objects); callouts beyond that get ever larger numbers, and are not in the picture.
//
// Rules
//   - Called with sched::lock held.
#pragma once

#include "trace/ids.hpp"

namespace callout {

[[nodiscard]] trace::CalloutId take_id();
void give_id(trace::CalloutId id);

} // namespace callout
