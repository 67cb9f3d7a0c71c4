// SPDX-License-Identifier: BSD-2-Clause
// What the start of a hart needs of the interrupt controller, beside arch/machine.hpp.
#pragma once

#include "lib/types.hpp"

namespace arch {

constexpr u32 most_lines = 1024; // of any PLIC, by its specification

/// Lets through what others have enabled for this hart while it was being started (masked). A
/// write of its threshold must follow.
void restore_lines(unsigned hart);

} // namespace arch
