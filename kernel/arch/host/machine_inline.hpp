// SPDX-License-Identifier: BSD-2-Clause
// What machine.hpp leaves to the port, on the simulated machine: hardly anything is inline here,
// because every operation is a place where the simulation may step in.
// Read next: simulation.hpp
#pragma once

#include "fibre.hpp"

namespace arch {

inline constexpr usize stack_size = 65536; // sanitizers make frames large

struct Context {
    host::Fibre fibre;
};

template <class T> bool compare_and_take(T& word, T expected, T desired) {
    return __atomic_compare_exchange_n(&word, &expected, desired, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}
template <class T> bool compare_and_give(T& word, T expected, T desired) {
    return __atomic_compare_exchange_n(&word, &expected, desired, false, __ATOMIC_RELEASE,
                                       __ATOMIC_RELAXED);
}

} // namespace arch
