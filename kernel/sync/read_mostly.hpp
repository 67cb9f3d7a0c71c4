// SPDX-License-Identifier: BSD-2-Clause
// A read-mostly lock (rmlock(9)): reading costs next to nothing, writing is dear.
//
//   sync::ReadMostlyLock::Tracker tracker;           on the reader's stack
//   lock.enter_read(tracker); …; lock.exit_read(tracker);
//
// A reader puts its tracker on its hart's list, and that is all: no atomic instruction, and no
// cache line that another hart writes. It may do so while its hart holds a *token* of the lock. A
// writer revokes the tokens, and asks each hart that had one for its readers:
//
//   writer                                    hart that had a token
//   enters the inner mutex
//   sets all bits of `revoked`
//   asked++, IPI to each         ──────────▶  settle(): moves its trackers of revoked locks to
//   waits for `answered`         ◀──────────  their lock's list, answered = asked
//   blocks on each reader in turn, lending    exit_read: finds itself moved, wakes the writer
//   it its priority; then it writes
//
// A reader that finds its hart's token revoked enters the inner mutex, and so waits for the writer,
// lending it its priority; then it gives its hart the token back.
//
// Readers stay on their hart (Lwp::stays) but may be preempted, and may block on mutexes and RW
// locks. They may not sleep: the writer cannot lend to whom nobody can wake.
//
// Memory order: a hart reads and answers with the same eyes. It looks at `revoked` and pushes its
// tracker with interrupts disabled, so an IPI comes before both or after both: either it sees the
// bit, or its tracker is found. `asked` and `answered` are release and acquire.
//
// Rules
//   - As for RW locks; enter_read() panics in the same contexts, also when it would not wait.
//   - The same LWP enters and leaves, with the same tracker. No recursion (caught), no upgrade.
// Invariants
//   (1) A tracker is on the list of its hart, or of its lock, if `surrendered` is set.
//   (2) While a writer holds the lock, neither kind of list has a tracker of it.
// Why not an RW lock? Its readers all write one word; on eight harts that line travels all day.
// Read next: read_mostly.cpp, hart/hart.hpp
#pragma once

#include "lib/line.hpp"
#include "sync/mutex.hpp"

namespace sync {

class ReadMostlyLock {
public:
    /// One read hold. Its memory is the reader's, from enter_read() to exit_read().
    struct Tracker {
        ReadMostlyLock* lock = nullptr; // null: not in use
        Lwp* reader = nullptr;
        bool surrendered = false; // (1)
        lib::Link<Tracker> link;
    };

    constexpr ReadMostlyLock() = default;
    ReadMostlyLock(const ReadMostlyLock&) = delete;
    ReadMostlyLock& operator=(const ReadMostlyLock&) = delete;

    /// rm_init(9). Once, before first use.
    void init(const char* name, Site site = Site::here());
    /// rm_destroy(9). Nobody holds it.
    void destroy(Site site = Site::here());

    /// rm_rlock(9). May block while a writer holds the lock.
    void enter_read(Tracker& tracker, Site site = Site::here());
    /// rm_try_rlock(9). False: a writer has it, or has had it since this hart last read.
    [[nodiscard]] bool try_enter_read(Tracker& tracker, Site site = Site::here());
    /// rm_runlock(9).
    void exit_read(Tracker& tracker, Site site = Site::here());
    /// rm_wlock(9). Interrupts every hart that may have readers, and waits for those.
    void enter_write(Site site = Site::here());
    /// rm_wunlock(9).
    void exit_write(Site site = Site::here());

    /// rm_wowned(9), and its like for readers: by the current LWP.
    [[nodiscard]] bool write_held() const { return writers_.owned(); }
    [[nodiscard]] bool read_held() const;

    [[nodiscard]] const char* name() const { return lock_.name; }
    [[nodiscard]] LockId id() const { return lock_.id; }
    /// Who writes, all readers gone; a glance.
    [[nodiscard]] Lwp* writer() const { return writes_ ? writers_.owner() : nullptr; }
    /// The read-mostly lock that this lock is part of. The lock's kind is read_mostly_lock.
    static const ReadMostlyLock& of(const Lock& lock) {
        return reinterpret_cast<const ReadMostlyLock&>(lock);
    }

    /// What a hart does that owes owed_readers (masked, no spin mutex held): hands over its
    /// trackers of revoked locks. True if it owed that.
    static bool surrender_readers();

private:
    void assert_may_read(const Tracker& tracker, Site site) const;
    void refuse_recursion(const char* primitive, Site site) const;
    [[nodiscard]] bool try_take(Tracker& tracker, bool contended);
    void enter_slowly(Tracker& tracker);
    [[nodiscard]] bool try_leave(Tracker& tracker, Site site);
    void revoke();
    void wait_for_readers();

    Lock lock_; // first: see of()
    Mutex writers_;
    lib::Line writers_name_;
    hart::Cell<u32> revoked_;                        // bit h: hart h has no token
    lib::List<Tracker, &Tracker::link> surrendered_; // protected by sched::lock
    bool writes_ = false;                            // protected by `writers_`
};

} // namespace sync
