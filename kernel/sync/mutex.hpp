// SPDX-License-Identifier: BSD-2-Clause
// A mutex (mutex(9)): adaptive, the lock that a thread and an interrupt handler can share because a
// handler may wait for it; or spin, where nobody may wait. Which of the two is decided once, by the
// level that it is initialised with.
//
//   sync::MutexGuard guard(mutex);
//
// One word: 0, or the owner's LWP with low bits. Entering an adaptive mutex is one compare-and-set
// from 0 to the current LWP, exiting one back (S3.6). A contender looks at the owner:
//
//   owner runs on another hart      spin: it will be done sooner than a switch takes
//   owner is anywhere else          block in the turnstile, lending it our priority (S5.1)
//
// "Anywhere else" includes the very LWP that a handler has interrupted: it is pinned, not running,
// and cannot run before the handler leaves, so the handler blocks at once.
//
// A spin mutex raises the level first, so that no handler that wants it can interrupt its holder,
// and spins whoever holds it. What makes a spin mutex is a level that has no LWP which could wait
// (hart::is_threaded): in the models borrow and thread those above lock_level, in classic all.
//
// Bits: `spin` is always set in the word of a spin mutex, so the inline compare-and-set of the
// adaptive case fails and the slow path sorts it out: having two kinds costs the fast one nothing.
// `waiters` is set under sched::lock by whoever blocks, and makes the owner's exit fail into the
// slow path, which releases and wakes under the same lock. `busy` is set only while the lock class
// of events is recorded, for the few instructions (interrupts disabled) in which the word and the
// event that tells of it become true together. A mutex that is not ready has an owner that nobody
// is, so using it ends in the slow path too.
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
//      not running, we block, and the owner's exit wakes us. It only must become visible some time.
//
// Rules
//   - Adaptive: ordinary, interrupt and softint LWPs. Not the idle LWP, not the timer interrupt,
//     not with a spin mutex held. Kernel preemption stays enabled while it is held.
//   - Spin: any context whose level is not above the mutex's. Never blocks; whoever holds one must
//     not wait. May be left in any order; the level falls as far as those that are left allow.
//   - Released by its owner. Misuse panics, naming the mutex, who does it and, with lockcheck=on,
//     who entered it and where.
//   - Order among mutexes is the caller's; lockcheck learns it and reports the first that is
//     entered against it. A circle of waiters is caught when it closes (turnstile.hpp).
// Invariants
//   (1) While `waiters` is set, the lock has a turnstile, and only exit clears it.
//   (2) An LWP's spin_mutexes are the spin mutexes of this class that it holds, the newest first;
//       each knows to what the LWP goes back when it leaves this one.
// Read next: mutex.cpp, turnstile.hpp
#pragma once

#include "hart/mutation.hpp"
#include "hart/spin_mutex.hpp"
#include "sync/turnstile.hpp"
#include "trace/emit.hpp"

namespace sync {

using lockcheck::Site;
using trace::Level;

class Mutex {
public:
    constexpr Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    /// mutex_init(9). Once, before first use. `level` is the highest that the mutex is used at:
    /// none, or a softint's or line's. Any context in which sched::lock may be taken.
    void init(const char* name, Level level = hart::ipl::none, Site site = Site::here());
    /// mutex_destroy(9). Not owned, nobody waits; the memory may then be used for something else.
    void destroy(Site site = Site::here());

    /// mutex_enter(9). Adaptive: may block. Spin: raises the level, spins. Panics on recursion.
    void enter(Site site = Site::here()) {
        if (trace::attention() != 0 || !word_.take(0, self())) [[unlikely]]
            enter_attentively(site);
    }
    /// mutex_exit(9). By the owner. Wakes all waiters; a more urgent one may run before it returns.
    void exit(Site site = Site::here()) {
        if (trace::attention() != 0 || hart::mutated(hart::Mutation::plain_exit)
            || !word_.give(self(), 0)) [[unlikely]]
            exit_attentively(site);
    }
    /// mutex_tryenter(9). Never blocks, and may go against the order. True: entered.
    [[nodiscard]] bool try_enter(Site site = Site::here());

    /// mutex_owned(9), for assertions: an adaptive mutex by the current LWP, a spin mutex by
    /// anyone.
    [[nodiscard]] bool owned() const;
    /// mutex_ownable(9), for assertions: the current LWP does not have it yet.
    [[nodiscard]] bool ownable() const { return owner() != &sched::current(); }

    using Before = hart::Before;
    /// Exit for those who hold sched::lock and are about to sleep (condition.cpp). A spin mutex
    /// keeps its level.
    [[nodiscard]] Before exit_locked(Site site = Site::here());
    /// The other end of exit_locked(), after the sleep, without sched::lock.
    void enter_after_sleep(Before before, Site site = Site::here());

    [[nodiscard]] const char* name() const { return lock_.name; }
    [[nodiscard]] LockId id() const { return lock_.id; }
    [[nodiscard]] Level level() const { return lock_.level; }
    [[nodiscard]] bool spins() const { return lock_.nature == lockcheck::Nature::spins; }
    [[nodiscard]] Lwp* owner() const { return owner_of(word_.peek()); }
    /// Of a spin mutex that the current LWP holds: the next older one that it holds.
    [[nodiscard]] const Mutex* beneath() const { return beneath_; }
    /// The mutex that this lock is part of. The lock's kind is adaptive_mutex or spin_mutex.
    static const Mutex& of(const Lock& lock) { return reinterpret_cast<const Mutex&>(lock); }

private:
    static constexpr u64 waiters = 1;
    static constexpr u64 busy = 2;
    static constexpr u64 spin = 4;
    static constexpr u64 bits = waiters | busy | spin;
    static constexpr u64 not_ready = ~u64{0} & ~bits; // an owner that nobody is

    static u64 self() { return reinterpret_cast<u64>(arch::curlwp()); }
    static Lwp* owner_of(u64 word) { return reinterpret_cast<Lwp*>(word & ~bits); }
    static bool tracing() { return (trace::attention() & trace::attention_of_trace) != 0; }
    [[nodiscard]] u64 free_word() const { return spins() ? spin : 0; }

    [[nodiscard]] bool take(u64 free, bool contended);
    [[nodiscard]] bool give(u64 free);
    [[gnu::always_inline]] bool take_and_tell(u64 free, bool contended);
    [[gnu::always_inline]] bool give_and_tell(u64 free);
    [[nodiscard]] bool take_if_free(bool contended) { return take(free_word(), contended); }
    [[nodiscard]] bool give_if_unwanted() { return give(free_word()); }
    void enter_attentively(Site site);
    void exit_attentively(Site site);
    void enter_slowly(Site site);
    void exit_slowly(Site site);
    void assert_exitable(Site site) const;

    void wait_until_taken(Site site);
    void wait_for(u64 word, bool& said_spinning);
    void release();

    [[nodiscard]] Before raise(Site site) const;
    [[nodiscard]] bool try_enter_spinning(Site site);
    void spin_until_taken(Site site);
    void exit_spinning(Site site);
    void push(Before before);
    [[nodiscard]] Before remove(Site site);

    Lock lock_; // first: see of()
    hart::Cell<u64> word_{not_ready};
    u64 stamp_ = 0; // of the last change, so that events which depend on it come after it

    Before before_;            // spin mutex, while held
    u16 depth_ = 0;            // spin mutexes that the LWP held then, this one included
    Mutex* beneath_ = nullptr; // (2)
};

class [[nodiscard]] MutexGuard {
public:
    explicit MutexGuard(Mutex& mutex, Site site = Site::here())
        : mutex_(mutex) {
        mutex_.enter(site);
    }
    ~MutexGuard() { mutex_.exit(); }
    MutexGuard(const MutexGuard&) = delete;
    MutexGuard& operator=(const MutexGuard&) = delete;

private:
    Mutex& mutex_;
};

} // namespace sync
