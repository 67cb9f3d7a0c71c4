// SPDX-License-Identifier: BSD-2-Clause
// A kernel in which bugs can be switched on: `make kernel MUTABLE=1`, and the simulated machine.
#pragma once

namespace hart {
constexpr bool mutable_kernel = true;
}
