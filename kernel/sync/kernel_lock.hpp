// SPDX-License-Identifier: BSD-2-Clause
// kernel_lock, the big lock: under it runs whatever was written when there was one hart.
//
//   sync::KernelGuard guard;          nests
//
// A driver that is not MPSAFE runs under it, wherever its interrupt arrives (S5.10). It belongs to
// a *hart*: an LWP has it, and a handler that borrows that LWP's context has it, too, as it had
// when there was one hart and levels kept the two apart. Each LWP counts its own holds.
//
// Two rules dissolve the lock-order problem (S3.1, §2.11 of the reference):
//
//   1. Whoever waits, in a turnstile or on a sleep queue, gives all its holds up, and has them
//      again before it goes on. So nobody ever holds it for long, and it may be held where a mutex
//      is entered.
//   2. Whoever spins for it does not count as running (Lwp::is_running). So an LWP that has it and
//      wants the spinner's mutex does not spin in turn but blocks; by rule 1 the circle is open.
//
//   hart 0: has mutex m, wants kernel_lock, spins        hart 1: has kernel_lock, wants m
//                                                          owner of m "does not run": blocks,
//   has both  ◀───────────────────────────────────────────  gives kernel_lock up
//   exits m, exits kernel_lock   ─────────────────────────▶ has m, spins for kernel_lock, has both
//
// Spin mutexes have no such escape: kernel_lock with one held panics.
//
// How are holds had again? The LWP owes them: mi_switch() notes it (owed_kernel_lock) for the hart
// that goes on with it, and settle() pays when sched::lock is released, like every other debt. An
// interrupt may come in first: a handler that runs as that LWP (model=classic) does not pay for it,
// because it has to leave with what it came with.
//
// Rules
//   - Ordinary and handler LWPs, at any level below clock, without a spin mutex. Spins at the
//     caller's own level, with interrupts enabled. Never blocks, so no priority is lent.
//   - Its holder is not preempted (Refusal::kernel_lock), nor moved to another hart.
//   - A handler leaves with as many holds as it came with.
// Invariants
//   (1) The word is 0, or 1 + the number of the hart that has it; only that hart clears it.
//   (2) `depth_` is the sum of kernel_holds over the LWPs on that hart: its current one and those
//       pinned beneath.
//   (3) An LWP that waits or is runnable has no holds, but perhaps owes itself some.
// Why not make it a mutex, as FreeBSD's Giant? Its holder could then block on it in a handler that
// the holder's own hart runs, for every interrupt of every old driver.
// Read next: kernel_lock.cpp
#pragma once

#include "sync/turnstile.hpp"

namespace sync {

class KernelLock {
public:
    constexpr KernelLock() = default;
    KernelLock(const KernelLock&) = delete;
    KernelLock& operator=(const KernelLock&) = delete;

    /// Once, before the first LWP runs.
    void init();

    /// KERNEL_LOCK(9): `times` holds more.
    void enter(u32 times = 1, lockcheck::Site site = lockcheck::Site::here());
    /// KERNEL_UNLOCK_ONE(9). Pays what was refused meanwhile.
    void exit(lockcheck::Site site = lockcheck::Site::here());

    /// Holds of the current LWP.
    [[nodiscard]] u32 holds() const { return sched::current().kernel_holds; }
    [[nodiscard]] bool held_by_me() const { return holds() != 0; }
    /// Whose first hold made this hart have it; a glance.
    [[nodiscard]] Lwp* owner() const { return owner_.peek(); }
    [[nodiscard]] LockId id() const { return lock_.id; }

    /// The current LWP is about to wait: gives up all its holds, and owes them to itself (lock
    /// held). For the scheduler.
    void release_to_wait();
    /// Pays that debt (masked, no spin mutex held). True if it did. For hart::settle().
    bool restore();

    /// Times that somebody found it taken, and loops spent in that. For scenarios.
    [[nodiscard]] u64 contentions() const { return contentions_.peek(); }

private:
    [[nodiscard]] bool try_take(Lwp& self, u32 times, bool contended);
    void give(Lwp& self, u32 times);
    void spin(Lwp& self, u32 times, lockcheck::Site site);

    Lock lock_;
    hart::Cell<u32> word_; // (1)
    u32 depth_ = 0;        // (2), of the hart that has it
    hart::Cell<Lwp*> owner_;
    u64 stamp_ = 0;
    hart::Cell<u64> contentions_;
};

extern constinit KernelLock kernel_lock;

class [[nodiscard]] KernelGuard {
public:
    explicit KernelGuard(lockcheck::Site site = lockcheck::Site::here()) {
        kernel_lock.enter(1, site);
    }
    ~KernelGuard() { kernel_lock.exit(); }
    KernelGuard(const KernelGuard&) = delete;
    KernelGuard& operator=(const KernelGuard&) = delete;
};

} // namespace sync
