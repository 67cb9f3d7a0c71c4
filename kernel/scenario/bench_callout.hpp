// SPDX-License-Identifier: BSD-2-Clause
// What callouts cost, for the table of bench.cpp: arming and stopping one, the way from the clock
// to its function, and a tick of the clock with none, ten and ten thousand of them pending.
#pragma once

#include "lib/types.hpp"

namespace scenario {

/// Guest instructions, the smallest of many samples.
u64 callout_reset_again(); // one that is pending
u64 callout_stop_and_reset();
u64 callout_fire_slow(); // from hardclock's turn of the wheel, or the softint, to the function
u64 callout_fire_fast();
u64 tick_with_0();
u64 tick_with_10();
u64 tick_with_10000();

} // namespace scenario
