// SPDX-License-Identifier: BSD-2-Clause
// The part of the workload that controls callouts: fast and slow, with and without a lock, on all
// harts. It checks itself: no function runs twice at a time or without its lock, and after a drain
// from whoever is alone none runs.
#pragma once

#include "random.hpp"

namespace simulated {

void set_up_callouts();

/// Any control on any of the callouts, by an ordinary LWP that holds nothing.
void control_any_callout(Random& random);
/// When nobody controls them any more: each is drained and destroyed.
void tear_down_callouts();

} // namespace simulated
