// SPDX-License-Identifier: BSD-2-Clause
#include "sync/rw_lock.hpp"

#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/record_as.hpp"
#include "sync/shared_holds.hpp"

#include <type_traits>

namespace sync {

namespace {

constexpr u64 destroyed = ~u64{0} << 3; // more readers than there can be

} // namespace

// ---- the word -----------------------------------------------------------------------------------

Lwp* RwLock::writer_in(u64 word) {
    return (word & written) != 0 ? &sched::lwp(static_cast<unsigned>(word / one)) : nullptr;
}

/// Somebody may enter now, as far as the word says.
bool RwLock::admits(u64 word, Hold hold) {
    if (hold == Hold::exclusive)
        return word == 0;
    u64 obstacles = written | busy | (hart::mutated(hart::Mutation::pass_writer) ? 0 : waiters);
    return (word & obstacles) == 0 && word < destroyed;
}

u64 RwLock::entered(u64 word, Hold hold) {
    return hold == Hold::shared ? word + one : sched::current().current.id * one | written;
}

/// The word changes, and with it what the event says. With events of locks switched on, `busy`
/// keeps everybody else away for the few instructions between the two, with interrupts disabled.
template <trace::Event E> bool RwLock::change(u64 from, u64 to, const E& event) {
    constexpr bool enters =
        std::is_same_v<E, trace::LockAcquire> || std::is_same_v<E, trace::LockUpgrade>;
    if (!tracing())
        return enters ? word_.take(from, to) : word_.give(from, to);
    hart::IrqGuard masked;
    if (!word_.take(from, from | busy))
        return false;
    trace::carry_in(stamp_);
    trace::record(event);
    stamp_ = trace::carry_out();
    word_.publish(to);
    return true;
}

// ---- beginning and end --------------------------------------------------------------------------

void RwLock::init(const char* name, Site site) {
    lock_.announce(name, LockKind::rw_lock, hart::ipl::none, site);
    word_.publish(0);
}

void RwLock::destroy(Site site) {
    lockcheck::assert_ready(lock_, "rw_destroy", site);
    if (!word_.take(0, destroyed))
        lockcheck::refuse(lock_, site, "rw_destroy of ", name(), ", which is held");
    lock_.retire(site);
}

bool RwLock::read_held() const {
    return holds_shared(sched::current(), lock_);
}

void RwLock::refuse_recursion(Hold hold, Site site) const {
    bool writes = write_held();
    if (!writes && !read_held())
        return;
    lockcheck::refuse(lock_, site, "rw_enter of ", name(),
                      hold == Hold::shared ? " as reader by " : " as writer by ",
                      sched::current().name, ", which ", writes ? "writes" : "reads",
                      " it already");
}

// ---- entering -----------------------------------------------------------------------------------

// The word and the list of who reads change together, for whoever looks at both: an interrupt in
// between could be the one in which a snapshot is taken.
bool RwLock::try_take(u64 word, Hold hold, bool contended) {
    hart::IrqGuard masked;
    trace::LockAcquire event{.lock = id(), .hold = hold, .contended = static_cast<u8>(contended)};
    if (!change(word, entered(word, hold), event))
        return false;
    if (hold == Hold::shared)
        note_shared(sched::current(), lock_);
    return true;
}

bool RwLock::try_enter(Hold hold, Site site) {
    lockcheck::assert_ready(lock_, "rw_tryenter", site);
    for (;;) {
        u64 word = word_.peek();
        if ((word & busy) != 0)
            arch::relax(); // who enters or leaves may be on its way to freeing it
        else if (lock_held() || !admits(word, hold))
            return false;
        else if (try_take(word, hold, false))
            break;
    }
    lockcheck::entered(lock_, hold, site);
    return true;
}

void RwLock::enter(Hold hold, Site site) {
    lockcheck::assert_ready(lock_, "rw_enter", site);
    assert_may_block(lock_, "rw_enter", site);
    refuse_recursion(hold, site);
    lockcheck::entering(lock_, hold, site);
    u64 word = word_.peek();
    if (!admits(word, hold) || !try_take(word, hold, false))
        wait_until_taken(hold, site);
    lockcheck::entered(lock_, hold, site);
}

void RwLock::wait_until_taken(Hold hold, Site site) {
    lockcheck::Waiting waiting(lock_, site);
    bool said_spinning = false;
    for (;;) {
        u64 word = word_.peek();
        if (admits(word, hold) ? try_take(word, hold, true) : wait_for(word, hold, said_spinning))
            return;
    }
}

/// Spins once, and the caller looks again; or blocks, and then the lock is ours: true.
bool RwLock::wait_for(u64 word, Hold hold, bool& said_spinning) {
    Lwp* owner = writer_in(word);
    bool soon_free = owner != nullptr && (word & waiters) == 0 && owner->is_running();
    if (soon_free || (word & busy) != 0) {
        if (soon_free && !said_spinning) {
            said_spinning = true;
            trace::record(trace::LockSpin{.lock = id(), .owner = owner->id()});
        }
        arch::relax();
        return false;
    }
    hart::SpinGuard guard(sched::lock);
    if ((word & waiters) == 0 ? !word_.take(word, word | waiters) : word_.get() != word)
        return false;
    // From here on the lock changes hands only under sched::lock. (1)
    trace::carry_in(stamp_);
    block(lock_, owner, hold);
    return true;
}

// ---- leaving ------------------------------------------------------------------------------------

void RwLock::exit(Site site) {
    lockcheck::assert_ready(lock_, "rw_exit", site);
    Hold hold = write_held() ? Hold::exclusive : Hold::shared;
    {
        hart::IrqGuard masked;
        if (hold == Hold::shared)
            forget_shared(sched::current(), lock_, "rw_exit", site);
        lockcheck::left(lock_, site);
        while (!try_leave(hold))
            arch::relax();
    }
    hart::pay_debts();
}

/// Not if who enters or leaves now is in the middle of it.
bool RwLock::try_leave(Hold hold) {
    u64 word = word_.peek();
    if ((word & busy) != 0)
        return false;
    if (!last_one(word) || (word & waiters) == 0)
        return change(word, hold == Hold::exclusive ? 0 : word - one,
                      trace::LockRelease{.lock = id(), .hold = hold, .waiters = 0});
    hart::SpinGuard guard(sched::lock);
    hand_over(hold);
    return true;
}

/// The waiter owns the lock now, and runs when it can.
void RwLock::grant(Lwp& waiter, Hold hold) {
    wake(lock_, waiter);
    if (hold == Hold::shared)
        note_shared(waiter, lock_);
    sched::record_as(waiter, trace::LockAcquire{.lock = id(), .hold = hold, .contended = 1});
}

/// All readers that wait join those who read already. The word that says so.
u64 RwLock::admit_readers(u64 readers) {
    while (Lwp* reader = first_waiter(lock_, Hold::shared)) {
        grant(*reader, Hold::shared);
        readers++;
    }
    return readers * one | (lock_.turnstile != nullptr ? waiters : 0);
}

/// The last holder leaves, and somebody waits (sched::lock held). A writer lets the readers in that
/// wait, if any do; else the first writer is next. Nobody else can change the word meanwhile.
void RwLock::hand_over(Hold released) {
    ASSERT(lock_.turnstile != nullptr); // (1)
    trace::record(trace::LockRelease{.lock = id(), .hold = released, .waiters = 1});
    disown(lock_);

    u64 word;
    if (released == Hold::exclusive && first_waiter(lock_, Hold::shared) != nullptr) {
        word = admit_readers(0);
    } else {
        Lwp* next = first_waiter(lock_, Hold::exclusive);
        ASSERT(next != nullptr); // (2)
        grant(*next, Hold::exclusive);
        adopt(lock_, *next);
        word = next->current.id * one | written | (lock_.turnstile != nullptr ? waiters : 0);
    }
    stamp_ = trace::carry_out();
    word_.publish(word);
}

// ---- changing one's mind ------------------------------------------------------------------------

bool RwLock::try_upgrade(Site site) {
    lockcheck::assert_ready(lock_, "rw_tryupgrade", site);
    Lwp& self = sched::current();
    if (!read_held())
        lockcheck::refuse(lock_, site, "rw_tryupgrade of ", name(), ", which ", self.name,
                          " does not read");
    hart::IrqGuard masked;
    for (;;) {
        u64 word = word_.peek();
        if ((word & busy) != 0)
            arch::relax();
        else if (word != one)
            return false;
        else if (change(word, entered(word, Hold::exclusive), trace::LockUpgrade{.lock = id()}))
            break;
    }
    forget_shared(self, lock_, "rw_tryupgrade", site);
    lockcheck::changed(lock_, Hold::exclusive);
    return true;
}

void RwLock::downgrade(Site site) {
    lockcheck::assert_ready(lock_, "rw_downgrade", site);
    Lwp& self = sched::current();
    if (!write_held())
        lockcheck::refuse(lock_, site, "rw_downgrade of ", name(), ", which ", self.name,
                          " does not write");
    lockcheck::changed(lock_, Hold::shared);
    {
        hart::IrqGuard masked;
        note_shared(self, lock_);
        while (!try_downgrade()) {
        }
    }
    hart::pay_debts();
}

bool RwLock::try_downgrade() {
    u64 word = word_.peek();
    if ((word & waiters) == 0)
        return change(word, one, trace::LockDowngrade{.lock = id()});
    hart::SpinGuard guard(sched::lock);
    downgrade_with_waiters();
    return true;
}

void RwLock::downgrade_with_waiters() {
    trace::record(trace::LockDowngrade{.lock = id()});
    disown(lock_); // readers cannot be lent to
    u64 word = admit_readers(1);
    stamp_ = trace::carry_out();
    word_.publish(word);
}

} // namespace sync
