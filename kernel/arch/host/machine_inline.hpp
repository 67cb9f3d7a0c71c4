// SPDX-License-Identifier: BSD-2-Clause
// What machine.hpp leaves to the port, on the simulated machine: nothing is quick here, because
// every operation is a place where the simulation may step in.
// Read next: simulation.hpp
#pragma once

#include "fibre.hpp"
#include "store_buffer.hpp"

namespace arch {

inline constexpr usize stack_size = 65536; // sanitizers make frames large
inline constexpr bool order_is_chosen = true;

struct Context {
    host::Fibre fibre;
};

template <class T> T load(const T& word, int order) {
    host::stand_before(Access::load, &word);
    T value = __atomic_load_n(&word, order);
    return host::forward(&word, value);
}

template <class T> void store(T& word, T value, int order) {
    host::stand_before(Access::store, &word);
    if (!host::hold_back(&word, value, order == __ATOMIC_RELEASE))
        __atomic_store_n(&word, value, order);
}

template <class T> void before_update(T& word) {
    host::stand_before(Access::update, &word);
    host::drain_own_stores();
}

template <class T> bool compare_and_take(T& word, T expected, T desired) {
    return __atomic_compare_exchange_n(&word, &expected, desired, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}
template <class T> bool compare_and_give(T& word, T expected, T desired) {
    return __atomic_compare_exchange_n(&word, &expected, desired, false, __ATOMIC_RELEASE,
                                       __ATOMIC_RELAXED);
}

template <class T> T read(u64 address) {
    return static_cast<T>(host::read_device(address));
}
template <class T> void write(u64 address, T value) {
    host::write_device(address, value);
}

} // namespace arch
