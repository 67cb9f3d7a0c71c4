// SPDX-License-Identifier: BSD-2-Clause
// A word that several harts share. The only place in the core where atomics are spelled.
//
// Memory order is a property of the *operation*, decided here once with its reason, and never an
// argument at a call site:
//
//   peek / set       relaxed: the value alone matters, or a lock orders everything else
//   get / publish    acquire / release: what the writer wrote before is visible to the reader after
//   take             compare-and-set, acquire on success: the way into a critical section
//   give             compare-and-set, release on success: the way out of one
//   swap, add, …     read-modify-write, acquire and release
//
// Each operation goes through the machine. On real harts that is the instruction. On the simulated
// machine it is where another hart, an interrupt or a tick may come in between, and where a store
// may stay in a hart's buffer, so every order of the accesses to shared words is a choice that a
// test can make.
// Read next: spin_mutex.hpp
#pragma once

#include "arch/machine.hpp"

namespace hart {

template <class T> class Cell {
public:
    constexpr Cell() = default;
    constexpr explicit Cell(T value)
        : value_(value) {}
    Cell(const Cell&) = delete;
    Cell& operator=(const Cell&) = delete;

    [[nodiscard]] T peek() const { return arch::load(value_, __ATOMIC_RELAXED); }
    void set(T value) { arch::store(value_, value, __ATOMIC_RELAXED); }
    [[nodiscard]] T get() const { return arch::load(value_, __ATOMIC_ACQUIRE); }
    void publish(T value) { arch::store(value_, value, __ATOMIC_RELEASE); }
    [[nodiscard]] bool take(T expected, T desired) {
        arch::before_update(value_);
        return arch::compare_and_take(value_, expected, desired);
    }
    [[nodiscard]] bool give(T expected, T desired) {
        arch::before_update(value_);
        return arch::compare_and_give(value_, expected, desired);
    }
    T swap(T value) {
        arch::before_update(value_);
        return __atomic_exchange_n(&value_, value, __ATOMIC_ACQ_REL);
    }
    T add(T amount) {
        arch::before_update(value_);
        return __atomic_fetch_add(&value_, amount, __ATOMIC_ACQ_REL);
    }
    T set_bits(T bits) {
        arch::before_update(value_);
        return __atomic_fetch_or(&value_, bits, __ATOMIC_ACQ_REL);
    }
    T clear_bits(T bits) {
        arch::before_update(value_);
        return __atomic_fetch_and(&value_, static_cast<T>(~bits), __ATOMIC_ACQ_REL);
    }

private:
    T value_{};
};

} // namespace hart
