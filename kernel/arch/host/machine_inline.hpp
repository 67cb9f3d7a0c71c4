// SPDX-License-Identifier: BSD-2-Clause
// What machine.hpp leaves to the port, on the simulated machine: nothing is inline here, because
// every operation is a place where the simulation may step in.
// Read next: simulation.hpp
#pragma once

#include "fibre.hpp"

namespace arch {

inline constexpr usize stack_size = 65536; // sanitizers make frames large

struct Context {
    host::Fibre fibre;
};

} // namespace arch
