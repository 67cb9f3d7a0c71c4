// SPDX-License-Identifier: BSD-2-Clause
// Interrupt priority levels (spl(9)): what may interrupt what.
//
// The level is a property of the LWP that runs (arch::Current::level), not of the hart: an ordinary
// LWP is at `none`, a softint or interrupt LWP at the level of what it serves, and a spin mutex or
// raise_level() lifts an LWP for a while. Because switching LWPs switches levels with them, nobody
// has to save, restore or recompute a hart's level when a handler blocks, resumes or is preempted.
//
// Raising the level changes one byte in memory and nothing in the hardware (S3.7). A line that
// arrives at or below the level is claimed, recorded, and replayed when the level falls
// (irq/dispatch.cpp). Only levels that the timer must respect, `clock` and `high`, disable
// interrupts in the hart: their critical sections are a few hundred instructions.
// Read next: spin_mutex.hpp
#pragma once

#include "trace/ids.hpp"

namespace hart::ipl {

using trace::Level;

constexpr Level none = 0;
constexpr Level softclock = 1;
constexpr Level softbio = 2;
constexpr Level softnet = 3;
constexpr Level softserial = 4;
constexpr Level bio = 5;
constexpr Level net = 6;
constexpr Level audio = 7;
constexpr Level serial = 8;
constexpr Level clock = 9;
constexpr Level high = 10;
constexpr Level count = 11;

constexpr Level first_softint = softclock;
constexpr Level last_softint = softserial;
constexpr Level first_line = bio;
constexpr Level last_line = serial;

constexpr bool is_softint(Level level) {
    return level >= first_softint && level <= last_softint;
}
constexpr bool is_line(Level level) {
    return level >= first_line && level <= last_line;
}
/// The PLIC's priority, 1 … 4, of a line at this level.
constexpr unsigned plic_priority(Level level) {
    return level - last_softint;
}

constexpr const char* names[count] = {"none",       "softclock", "softbio", "softnet",
                                      "softserial", "bio",       "net",     "audio",
                                      "serial",     "clock",     "high"};

} // namespace hart::ipl
