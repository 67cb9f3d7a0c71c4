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
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"

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
    constexpr Interlock(sync::RwLock& lock, trace::Hold hold)
        : lock_(&lock)
        , kind_(Kind::rw)
        , hold_(hold) {}
    constexpr Interlock(sync::ReadMostlyLock& lock, trace::Hold hold)
        : lock_(&lock)
        , kind_(Kind::read_mostly)
        , hold_(hold) {}

    [[nodiscard]] bool any() const { return kind_ != Kind::none; }
    [[nodiscard]] bool is(const Interlock& other) const { return lock_ == other.lock_; }
    /// callout_halt can give it back and take it again for a caller who holds it: not a spin mutex,
    /// with which nobody may sleep, and not a reader's hold on a read-mostly lock, whose tracker
    /// only the caller knows.
    [[nodiscard]] bool can_be_given_back() const {
        return !spins() && (kind_ != Kind::read_mostly || hold_ == trace::Hold::exclusive);
    }
    /// Why it cannot be a fast or slow callout's, or null if it can.
    [[nodiscard]] const char* objection(bool fast) const;

    /// By the current LWP; a spin mutex, by this hart (masked).
    [[nodiscard]] bool held() const;
    /// The same, and nobody else can be inside with us: what makes a stop definitive. Whoever holds
    /// it shared may meet the function in there (S4.5, S4.6).
    [[nodiscard]] bool held_exclusively() const;

    [[nodiscard]] const char* name() const;
    [[nodiscard]] trace::LockId id() const;

    /// What a lock wants to get back on exit.
    struct Saved {
        hart::SpinMutex::Before before{};
        sync::ReadMostlyLock::Tracker tracker;
    };
    void enter(Saved& saved) const;
    void exit(Saved& saved) const;

private:
    enum class Kind : u8 { none, spin, mutex, rw, read_mostly };

    [[nodiscard]] bool spins() const;
    [[nodiscard]] hart::SpinMutex& spin() const { return *static_cast<hart::SpinMutex*>(lock_); }
    [[nodiscard]] sync::Mutex& mutex() const { return *static_cast<sync::Mutex*>(lock_); }
    [[nodiscard]] sync::RwLock& rw() const { return *static_cast<sync::RwLock*>(lock_); }
    [[nodiscard]] sync::ReadMostlyLock& read_mostly() const {
        return *static_cast<sync::ReadMostlyLock*>(lock_);
    }

    void* lock_ = nullptr;
    Kind kind_ = Kind::none;
    trace::Hold hold_ = trace::Hold::exclusive;
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
