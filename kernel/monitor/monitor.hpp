// SPDX-License-Identifier: BSD-2-Clause
// The monitor: a person at the console asks, the kernel answers from its own structures.
//
// What it prints and what the visualizer draws come by different ways (memory here, events there),
// so when they disagree one of them is wrong. Nothing is changed by looking.
//
// Rules
//   - An ordinary LWP calls execute(), with no spin mutex held. Each line is put together under the
//     lock that protects what it tells of, and printed after that lock is released: a line is true
//     as a whole, two lines may be some instructions apart.
// Read next: commands.cpp
#pragma once

#include "lib/line.hpp"

namespace monitor {

using Print = void (*)(const lib::Line& line);

/// Runs one command line ("ps", "runq", …). An unknown command prints the list of those there are.
void execute(const char* command, Print print);

} // namespace monitor
