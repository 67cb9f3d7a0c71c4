// SPDX-License-Identifier: BSD-2-Clause
// The seam for labs: the folder of one is linked in place of none.cpp (`make kernel LAB=01`), and
// scenario `lab` calls what it finds.
//
// Rules
//   - start() is called by the scenario's LWP (scenario/scenario.hpp). When it returns, the run
//     ends with the verdict over the checks that the lab made, if it made any.
//   - The serial port belongs to the lab: the kernel attaches no driver to its line.
// Read next: labs/README.md
#pragma once

namespace lab {

void start();

} // namespace lab
