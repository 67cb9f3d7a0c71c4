// SPDX-License-Identifier: BSD-2-Clause
// Sizes that programs outside the kernel have to know as well.
#pragma once

namespace arch {

constexpr unsigned max_harts = 8;

} // namespace arch
