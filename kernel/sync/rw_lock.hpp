// SPDX-License-Identifier: BSD-2-Clause
// A readers/writer lock (rwlock(9)): many may look, or one may change.
//
//   sync::ReadGuard guard(lock);        sync::WriteGuard guard(lock);
//
//            first reader                    last reader, nobody waits
//   free ─────────────────▶ n readers ──────────────────────────────────▶ free
//     │  ▲                    │   ▲
//     │  │ nobody waits       │   │ downgrade; or the writer leaves and readers wait: all of them
//     ▼  │                    ▼   │
//     one writer ◀──── last reader, writers wait: the first of them; or try_upgrade
//
// One word: 0; or the number of readers, or the writer's LWP id, and three low bits. `waiters` says
// that the lock has a turnstile, and keeps newcomers out: writers wait behind readers, and readers
// behind a writer who waits, so a stream of readers cannot starve a writer. A writer who leaves
// lets all readers in that wait, so writers cannot starve readers either.
//
// A lock with waiters is handed over: whoever leaves last gives it to those who are next, and they
// own it before they run again. Newcomers spin only while a writer holds the lock, runs, and nobody
// waits; else they block.
//
// Memory order: as for the mutex, all is in one word. Entering is an acquire; leaving a release, of
// readers too, since what a reader has read must have been read before a writer changes it. The
// bit `waiters` is set under sched::lock by a compare-and-set, so it comes before an exit, which
// then hands over, or makes the compare-and-set fail (M12). `busy`: see mutex.hpp.
//
// Rules
//   - Ordinary, interrupt and softint LWPs (S2.19). Not the idle LWP, not the timer interrupt, not
//     with a spin mutex held or preemption disabled: panics, even when the lock is free.
//   - No recursion, for readers neither: a writer in between would be waited for and wait itself.
//     Caught (shared_holds.hpp). At most max_shared_holds read locks at a time.
//   - Waiters lend their priority to a writer. Readers cannot be lent to: nobody knows which of
//     them will be the last. Use a read-mostly lock, or a mutex, where that matters (S3.16).
// Invariants
//   (1) While `waiters` is set, the lock has a turnstile and is held; only hand_over() clears it.
//   (2) While readers hold the lock and somebody waits, a writer waits.
// Why hand over here, and not in the mutex? Because whoever wakes all makes a race of it, and the
// swift win: readers, who need not wait for each other, would overtake the writer every time.
// Why no upgrade that waits? Two readers that upgrade would wait for each other.
// Read next: rw_lock.cpp, read_mostly.hpp
#pragma once

#include "sync/turnstile.hpp"
#include "trace/emit.hpp"

namespace sync {

using lockcheck::Site;

class RwLock {
public:
    constexpr RwLock() = default;
    RwLock(const RwLock&) = delete;
    RwLock& operator=(const RwLock&) = delete;

    /// rw_init(9). Once, before first use.
    void init(const char* name, Site site = Site::here());
    /// rw_destroy(9). Nobody holds it.
    void destroy(Site site = Site::here());

    /// rw_enter(9), as reader (shared) or writer (exclusive). May block. Panics on recursion.
    void enter(Hold hold, Site site = Site::here());
    /// rw_tryenter(9). Never waits. True: entered.
    [[nodiscard]] bool try_enter(Hold hold, Site site = Site::here());
    /// rw_exit(9), of either hold.
    void exit(Site site = Site::here());
    /// rw_tryupgrade(9): from reader to writer, if there is no other reader and nobody waits.
    /// False: still a reader.
    [[nodiscard]] bool try_upgrade(Site site = Site::here());
    /// rw_downgrade(9): from writer to reader, without a gap. Readers that wait get in, too.
    void downgrade(Site site = Site::here());

    /// rw_read_held(9), rw_write_held(9), rw_lock_held(9): by the current LWP.
    [[nodiscard]] bool read_held() const;
    [[nodiscard]] bool write_held() const { return writer() == &sched::current(); }
    [[nodiscard]] bool lock_held() const { return read_held() || write_held(); }

    [[nodiscard]] const char* name() const { return lock_.name; }
    [[nodiscard]] LockId id() const { return lock_.id; }
    /// Who holds it as a writer; a glance.
    [[nodiscard]] Lwp* writer() const { return writer_in(word_.peek()); }
    /// The RW lock that this lock is part of. The lock's kind is rw_lock.
    static const RwLock& of(const Lock& lock) { return reinterpret_cast<const RwLock&>(lock); }

private:
    static constexpr u64 written = 1;
    static constexpr u64 waiters = 2;
    static constexpr u64 busy = 4;
    static constexpr u64 one = 8; // reader; ids and counts begin here

    static bool tracing() { return (trace::mask() & trace::group_bit(trace::Group::lock)) != 0; }
    static Lwp* writer_in(u64 word);
    static bool admits(u64 word, Hold hold);
    static u64 entered(u64 word, Hold hold);
    static bool last_one(u64 word) { return (word & written) != 0 || word < 2 * one; }

    template <trace::Event E> [[nodiscard]] bool change(u64 from, u64 to, const E& event);
    void refuse_recursion(Hold hold, Site site) const;
    [[nodiscard]] bool try_take(u64 word, Hold hold, bool contended);
    void wait_until_taken(Hold hold, Site site);
    [[nodiscard]] bool wait_for(u64 word, Hold hold, bool& said_spinning);
    void grant(Lwp& waiter, Hold hold);
    [[nodiscard]] u64 admit_readers(u64 readers);
    [[nodiscard]] bool try_leave(Hold hold);
    void hand_over(Hold released);
    [[nodiscard]] bool try_downgrade();
    void downgrade_with_waiters();

    Lock lock_; // first: see of()
    hart::Cell<u64> word_;
    u64 stamp_ = 0; // of the last change, so that events which depend on it come after it
};

class [[nodiscard]] ReadGuard {
public:
    explicit ReadGuard(RwLock& lock, Site site = Site::here())
        : lock_(lock) {
        lock_.enter(Hold::shared, site);
    }
    ~ReadGuard() { lock_.exit(); }
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;

private:
    RwLock& lock_;
};

class [[nodiscard]] WriteGuard {
public:
    explicit WriteGuard(RwLock& lock, Site site = Site::here())
        : lock_(lock) {
        lock_.enter(Hold::exclusive, site);
    }
    ~WriteGuard() { lock_.exit(); }
    WriteGuard(const WriteGuard&) = delete;
    WriteGuard& operator=(const WriteGuard&) = delete;

private:
    RwLock& lock_;
};

} // namespace sync
