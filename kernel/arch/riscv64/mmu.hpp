// SPDX-License-Identifier: BSD-2-Clause
// The address space of the kernel: Sv39, every virtual address is the physical one.
//
//   0x00000000  unmapped page: null pointers trap
//   0x00001000  devices, read and write
//   0x80000000  firmware, unmapped
//   0x80200000  the kernel in pages of 4 KiB: text executes, constants are read, data is written,
//               nothing is both written and executed; guard pages below stacks are unmapped
//   behind it   the rest of memory in pages of 2 MiB, read and write
#pragma once

#include "lib/types.hpp"

namespace arch {

/// Builds the page table (boot hart). `memory_end` comes from the device tree.
void build_address_space(u64 memory_end);
/// Turns translation on for this hart.
void enter_address_space();

} // namespace arch
