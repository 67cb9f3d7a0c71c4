// SPDX-License-Identifier: BSD-2-Clause
// A lock, and the way in which it is held: what a callout's function is entered with, and what
// callout_halt gives back while it waits.
//
//   timer.init("timer", callout::Speed::slow, mutex);     the function is entered with `mutex` held
//   timer.halt(mutex);                                    the caller holds it, and may lose it
//
// Which lock goes with which speed (S4.2 … S4.6):
//
//              none   spin             mutex   RW: read, write   read-mostly
//   slow       yes    up to `clock`    yes     yes               yes
//   fast       yes    exactly `clock`  no      no                no
//
// A fast function runs in the timer interrupt, which cannot wait for a mutex; and a spin mutex of a
// lower level does not keep the timer out, so its holder could be the very LWP that the timer has
// interrupted. Above `clock` no callout can be controlled at all, whoever holds it.
//
// Rules
//   - An Interlock is a value: a kind and a pointer. The lock must live until the callout is
//     drained, not only until it is stopped: who runs the function lets go of the lock after it.
// Read next: callout.hpp
#pragma once

#include "hart/spin_mutex.hpp"

namespace sync {
class Mutex;
}

namespace callout {

class Interlock {
public:
    constexpr Interlock() = default;
    // NOLINTBEGIN(google-explicit-constructor): a lock, held exclusively, is an interlock
    constexpr Interlock(hart::SpinMutex& spin)
        : lock_(&spin)
        , kind_(Kind::spin) {}
    constexpr Interlock(sync::Mutex& mutex)
        : lock_(&mutex)
        , kind_(Kind::mutex) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool any() const { return kind_ != Kind::none; }
    [[nodiscard]] bool is(const Interlock& other) const { return lock_ == other.lock_; }
    /// Its holder may sleep and be preempted.
    [[nodiscard]] bool may_be_waited_for() const { return !spins(); }
    /// Why it cannot be a fast or slow callout's, or null if it can.
    [[nodiscard]] const char* objection(bool fast) const;

    /// By the current LWP; a spin mutex, by this hart (masked).
    [[nodiscard]] bool held() const;
    /// The same, and nobody else can be inside with us: what makes a stop definitive (S4.5, S4.6).
    [[nodiscard]] bool held_exclusively() const;

    [[nodiscard]] const char* name() const;
    [[nodiscard]] trace::LockId id() const;

    /// What a lock wants to get back on exit.
    struct Saved {
        hart::SpinMutex::Before before{};
    };
    void enter(Saved& saved) const;
    void exit(const Saved& saved) const;

private:
    enum class Kind : u8 { none, spin, mutex };

    [[nodiscard]] bool spins() const;
    [[nodiscard]] hart::SpinMutex& spin() const { return *static_cast<hart::SpinMutex*>(lock_); }
    [[nodiscard]] sync::Mutex& mutex() const;

    void* lock_ = nullptr;
    Kind kind_ = Kind::none;
};

/// An interlock, held for a block on the stack of whoever runs the function.
class [[nodiscard]] Holding {
public:
    explicit Holding(const Interlock& interlock)
        : interlock_(interlock) {
        interlock_.enter(saved_);
    }
    ~Holding() { interlock_.exit(saved_); }
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;

private:
    Interlock interlock_;
    Interlock::Saved saved_;
};

} // namespace callout
