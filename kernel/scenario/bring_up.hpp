// SPDX-License-Identifier: BSD-2-Clause
// Bringing the core up: from one hart without an LWP to all harts in their idle loops.
//
// Rules
//   - By the boot hart, masked, after trace::init() and when the boot parameters are set (pool,
//     hz).
// Read next: scenario.hpp
#pragma once

namespace scenario {

/// Creates each hart's LWPs and starts the other harts. Returns with the idle LWP of the boot hart
/// current; the caller spawns what it wants and ends in sched::idle().
void bring_up();

} // namespace scenario
