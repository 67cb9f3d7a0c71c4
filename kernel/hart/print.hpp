// SPDX-License-Identifier: BSD-2-Clause
// A line on the console, past all drivers: for start-up, verdicts and panics.
//
// Rules
//   - Any context, any locks held: arch::console_write takes none.
#pragma once

#include "arch/machine.hpp"
#include "lib/line.hpp"

namespace hart {

inline void print(const lib::Line& line) {
    arch::console_write(line.text(), line.size());
    arch::console_write("\n", 1);
}

} // namespace hart
