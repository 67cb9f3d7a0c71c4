// SPDX-License-Identifier: BSD-2-Clause
// What scenario `lab` finds in a kernel that was built without one.
#include "lab/lab.hpp"

#include "scenario/scenario.hpp"

namespace lab {

void start() {
    scenario::check("a lab is linked: build the kernel with LAB=01, for example", false);
}

} // namespace lab
