// SPDX-License-Identifier: BSD-2-Clause
#include "arch/machine.hpp"

extern "C" const char context_begins[]; // switch.S

namespace arch {

void make_context(Context& context, void* stack, usize size, Entry entry, void* argument) {
    enum { ra, sp, s0, s1, s2 };
    context = {};
    context.registers[ra] = reinterpret_cast<u64>(context_begins);
    context.registers[sp] = (reinterpret_cast<u64>(stack) + size) & ~u64{15};
    context.registers[s1] = reinterpret_cast<u64>(entry);
    context.registers[s2] = reinterpret_cast<u64>(argument);
}

} // namespace arch
