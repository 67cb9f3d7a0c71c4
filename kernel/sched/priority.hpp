// SPDX-License-Identifier: BSD-2-Clause
// Priority bands, low to high. Larger is more urgent.
//
//      0        idle LWPs, which are never on a run queue
//      1 …  63  user
//     64 … 127  kernel
//    128 … 191  kernel real-time
//    200 + l    softint LWPs of level l
//    220 + l    interrupt LWPs of level l, above everything else
//
// An interrupt LWP that was blocked and is made runnable again is therefore always the first of
// its run queue (S2.22, S2.24).
// Read next: run_queue.hpp
#pragma once

#include "hart/ipl.hpp"

namespace sched {

using trace::Priority;

constexpr Priority idle_priority = 0;
constexpr Priority user_priority = 32;
constexpr Priority kernel_priority = 64;
constexpr Priority realtime_priority = 128;
constexpr unsigned priority_count = 256;

constexpr Priority softint_priority(hart::ipl::Level level) {
    return static_cast<Priority>(200 + level);
}
constexpr Priority first_handler_priority = softint_priority(hart::ipl::first_softint);
constexpr Priority interrupt_priority(hart::ipl::Level level) {
    return static_cast<Priority>(220 + level);
}

} // namespace sched
