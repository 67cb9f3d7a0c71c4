// SPDX-License-Identifier: BSD-2-Clause
// The kernel as shipped: no bug can be switched on, and none of the switches is compiled in.
#pragma once

namespace hart {
constexpr bool mutable_kernel = false;
}
