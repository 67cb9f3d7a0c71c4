// SPDX-License-Identifier: BSD-2-Clause
// An adaptive mutex (mutex(9), IPL_NONE or soft): the lock that a thread and an interrupt handler
// can share, because a handler may wait for it.
//
//   sync::MutexGuard guard(mutex);
//
// One word: 0, or the owner's LWP with two low bits. Entering is one compare-and-set from 0 to the
// current LWP, exiting one back (S3.6). A contender looks at the owner:
//
//   owner runs on another hart      spin: it will be done sooner than a switch takes
//   owner is anywhere else          block in the turnstile, lending it our priority (S5.1)
//
// "Anywhere else" includes the very LWP that a handler has interrupted: it is pinned, not running,
// and cannot run before the handler leaves, so the handler blocks at once.
//
// Bits: `waiters` is set under sched::lock by whoever blocks, and makes the owner's exit fail into
// the slow path, which releases and wakes under the same lock. `busy` is set only while the lock
// class of events is recorded, for the few instructions (interrupts disabled) in which the word and
// the event that tells of it become true together.
//
// Memory order (RVWMO). The word alone carries the protocol, no other variable has to be seen in
// time:
//   a) enter is an acquire, exit a release on the same word: what one owner wrote, the next reads.
//   b) Exit is an atomic read-modify-write. In the word's modification order a waiter's `waiters`
//      comes either before it, then exit sees the bit and wakes; or after, then the waiter's
//      compare-and-set fails on the changed word and it tries again. No wake-up can be lost, and no
//      fence around the current-LWP pointer is needed for that. (Solaris and NetBSD exit with a
//      plain store and pay with eight ordering rules.)
//   c) The owner's `state` is a hint. Seen too early as running, we spin once more; too early as
//   not
//      running, we block, and the owner's exit wakes us. It only must become visible some time.
//
// Rules
//   - Ordinary, interrupt and softint LWPs. Not the idle LWP, not the timer interrupt, not with a
//     spin mutex held.
//   - Released by its owner. Kernel preemption stays enabled while it is held.
//   - Order among mutexes is the caller's; a circle is caught when it closes (turnstile.hpp).
// Invariants
//   (1) While `waiters` is set, the lock has a turnstile, and only exit clears it.
// Read next: mutex.cpp, turnstile.hpp
#pragma once

#include "sync/turnstile.hpp"
#include "trace/emit.hpp"

namespace sync {

class Mutex {
public:
    constexpr Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    /// mutex_init(9). Once, before first use.
    void init(const char* name);
    /// mutex_destroy(9). Not owned, nobody waits; the memory may then be used for something else.
    void destroy();

    /// mutex_enter(9). May block. Panics on recursion.
    void enter() {
        if (tracing() || !word_.take(0, self())) [[unlikely]]
            enter_slowly();
    }
    /// mutex_exit(9). By the owner. Wakes all waiters; a more urgent one may run before it returns.
    void exit() {
        if (tracing() || !word_.give(self(), 0)) [[unlikely]]
            exit_slowly();
    }
    /// mutex_tryenter(9). Never blocks. True: entered.
    [[nodiscard]] bool try_enter();
    /// mutex_owned(9): by the current LWP.
    [[nodiscard]] bool owned() const { return owner_of(word_.peek()) == &sched::current(); }

    /// Exit for those who hold sched::lock and are about to sleep (condition.cpp).
    void exit_locked();

    [[nodiscard]] const char* name() const { return lock_.name; }
    [[nodiscard]] LockId id() const { return lock_.id; }
    [[nodiscard]] Lwp* owner() const { return owner_of(word_.peek()); }
    /// The mutex that this lock is part of. The lock's kind is adaptive_mutex.
    static const Mutex& of(const Lock& lock) { return reinterpret_cast<const Mutex&>(lock); }

private:
    static constexpr u64 waiters = 1;
    static constexpr u64 busy = 2;

    static u64 self() { return reinterpret_cast<u64>(arch::curlwp()); }
    static Lwp* owner_of(u64 word) { return reinterpret_cast<Lwp*>(word & ~(waiters | busy)); }
    static bool tracing() { return (trace::mask() & trace::group_bit(trace::Group::lock)) != 0; }

    [[nodiscard]] bool try_take(bool contended);
    [[nodiscard]] bool try_give();
    void enter_slowly();
    void wait_for(u64 word, bool& said_spinning);
    void exit_slowly();

    Lock lock_; // first: see of()
    hart::Cell<u64> word_;
    u64 stamp_ = 0; // of the last release, so that the next owner's events come after it
};

class [[nodiscard]] MutexGuard {
public:
    explicit MutexGuard(Mutex& mutex)
        : mutex_(mutex) {
        mutex_.enter();
    }
    ~MutexGuard() { mutex_.exit(); }
    MutexGuard(const MutexGuard&) = delete;
    MutexGuard& operator=(const MutexGuard&) = delete;

private:
    Mutex& mutex_;
};

} // namespace sync
