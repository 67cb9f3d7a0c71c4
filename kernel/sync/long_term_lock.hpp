// SPDX-License-Identifier: BSD-2-Clause
// A long-term lock (lockmgr(9)): shared or exclusive, for holds that last: a whole file operation,
// a disk transfer.
//
//   lock.enter(Hold::exclusive); … sleeps for the disk …; lock.exit();
//
// Its waiters sleep on a queue instead of blocking in a turnstile, because a hold may last for as
// long as a device takes: lending priority would not shorten it, and a handler that waits for it
// would keep its line masked for that long. So handlers must not have it at all (S2.20), not even
// when it is free, and that is the whole difference to an RW lock (S3.17).
//
// drain() is the end of what the lock protects: it waits until nobody holds it or waits for it, and
// nobody can enter it afterwards.
//
// Rules
//   - Ordinary LWPs, no spin mutex held; panics elsewhere, even when it is free. No recursion.
//   - Newcomers that want to share wait while somebody wants it exclusively.
// Read next: long_term_lock.cpp, rw_lock.hpp
#pragma once

#include "sched/sleep_queue.hpp"
#include "sync/turnstile.hpp"

namespace sync {

class LongTermLock {
public:
    using Site = lockcheck::Site;

    constexpr LongTermLock() = default;
    LongTermLock(const LongTermLock&) = delete;
    LongTermLock& operator=(const LongTermLock&) = delete;

    /// lockinit(9). Once, before first use.
    void init(const char* name, Site site = Site::here());
    /// lockdestroy(9). Nobody holds it or waits for it.
    void destroy(Site site = Site::here());

    /// lockmgr(9), LK_SHARED or LK_EXCLUSIVE. Sleeps.
    void enter(Hold hold, Site site = Site::here());
    /// The same with LK_NOWAIT. True: entered. Ordinary LWPs, too: who enters may have to wait for
    /// who has entered.
    [[nodiscard]] bool try_enter(Hold hold, Site site = Site::here());
    /// LK_RELEASE, of either hold.
    void exit(Site site = Site::here());
    /// LK_DRAIN. Sleeps until nobody holds it or waits for it. Only destroy() may follow.
    void drain(Site site = Site::here());

    [[nodiscard]] bool held() const;
    [[nodiscard]] const char* name() const { return lock_.name; }
    [[nodiscard]] LockId id() const { return lock_.id; }
    /// Who holds it exclusively; a glance.
    [[nodiscard]] Lwp* owner() const { return owner_; }
    /// The long-term lock that this lock is part of. The lock's kind is long_term_lock.
    static const LongTermLock& of(const Lock& lock) {
        return reinterpret_cast<const LongTermLock&>(lock);
    }

private:
    [[nodiscard]] bool admits(Hold hold) const;
    void take(Hold hold, bool contended);
    void assert_may_enter(const char* primitive, Site site) const;

    Lock lock_; // first: see of()
    // Protected by sched::lock:
    sched::SleepQueue waiters_;
    Lwp* owner_ = nullptr;
    u32 readers_ = 0;
    u32 waiting_ = 0; // LWPs in enter(), of both kinds
    u32 wanting_ = 0; // of them, exclusively
    bool drained_ = false;
};

} // namespace sync
