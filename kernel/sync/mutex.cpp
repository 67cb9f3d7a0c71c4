// SPDX-License-Identifier: BSD-2-Clause
#include "sync/mutex.hpp"

#include "hart/model.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "sched/sched.hpp"

namespace sync {

void Mutex::init(const char* name, Level level, Site site) {
    LockKind kind = hart::is_threaded(level) ? LockKind::adaptive_mutex : LockKind::spin_mutex;
    lock_.announce(name, kind, level, site);
    word_.publish(free_word());
}

void Mutex::destroy(Site site) {
    lockcheck::assert_ready(lock_, "mutex_destroy", site);
    if (!word_.take(free_word(), not_ready))
        lockcheck::refuse(lock_, site, "mutex_destroy of ", name(), ", which is owned by ",
                          owner()->name);
    lock_.retire(site);
}

bool Mutex::owned() const {
    if (spins())
        return owner() != nullptr && owner() != owner_of(not_ready);
    return owner() == &sched::current();
}

// With events of locks switched on, the word and its event become true together: `busy` keeps
// everybody else spinning, and disabled interrupts keep us from being pinned in between. The stamp
// is left behind on both ways: a waiter that reads the owner in the word comes after its
// acquisition, the next owner after the release.
inline bool Mutex::take_and_tell(u64 free, bool contended) {
    u64 mine = self() | free;
    hart::IrqGuard masked;
    if (!word_.take(free, mine | busy))
        return false;
    trace::carry_in_here(stamp_);
    trace::record(trace::LockAcquire{
        .lock = id(), .hold = Hold::exclusive, .contended = static_cast<u8>(contended)});
    stamp_ = trace::carry_out();
    word_.publish(mine);
    return true;
}

inline bool Mutex::give_and_tell(u64 free) {
    u64 mine = self() | free;
    hart::IrqGuard masked;
    if (!word_.take(mine, mine | busy))
        return false;
    trace::record(trace::LockRelease{.lock = id(), .hold = Hold::exclusive, .waiters = 0});
    stamp_ = trace::carry_out();
    word_.publish(free);
    return true;
}

bool Mutex::take(u64 free, bool contended) {
    return tracing() ? take_and_tell(free, contended) : word_.take(free, self() | free);
}

bool Mutex::give(u64 free) {
    u64 mine = self() | free;
    if (tracing())
        return give_and_tell(free);
    if (!hart::mutated(hart::Mutation::plain_exit))
        return word_.give(mine, free);
    bool unwanted = word_.peek() == mine;
    if (unwanted)
        word_.publish(free);
    return unwanted;
}

// Somebody watches, or the mutex is not free for the taking. If only events are wanted, a word that
// is 0 still is all the proof that is needed: the mutex is initialised, adaptive, and not ours.
void Mutex::enter_attentively(Site site) {
    if (trace::attention() != trace::attention_of_trace || !take_and_tell(0, false))
        enter_slowly(site);
}

void Mutex::exit_attentively(Site site) {
    if (trace::attention() != trace::attention_of_trace || !give_and_tell(0))
        exit_slowly(site);
}

bool Mutex::try_enter(Site site) {
    lockcheck::assert_ready(lock_, "mutex_tryenter", site);
    if (spins())
        return try_enter_spinning(site);
    if (!take_if_free(false))
        return false;
    lockcheck::entered(lock_, Hold::exclusive, site);
    return true;
}

void Mutex::enter_slowly(Site site) {
    lockcheck::assert_ready(lock_, "mutex_enter", site);
    if (sched::current().guest != nullptr && !spins())
        assert_may_block(lock_, "mutex_enter", site); // even if it would not have to
    if (owner() == &sched::current())
        lockcheck::refuse(lock_, site, "mutex_enter of ", name(), ", which ", sched::current().name,
                          " owns already");
    lockcheck::entering(lock_, Hold::exclusive, site);
    if (spins()) {
        Before before = raise(site);
        spin_until_taken(site);
        push(before);
    } else if (!take_if_free(false)) {
        wait_until_taken(site);
    }
    lockcheck::entered(lock_, Hold::exclusive, site);
}

void Mutex::exit_slowly(Site site) {
    assert_exitable(site);
    lockcheck::left(lock_, site);
    if (spins())
        return exit_spinning(site);
    if (give_if_unwanted())
        return;
    hart::SpinGuard guard(sched::lock);
    release();
}

Mutex::Before Mutex::exit_locked(Site site) {
    ASSERT(sched::lock.held());
    assert_exitable(site);
    lockcheck::left(lock_, site);
    if (!spins()) {
        release();
        return {};
    }
    arch::self().spin_depth--; // before remove(): sched::lock is newer, and stays
    Before before = remove(site);
    static_cast<void>(give_if_unwanted());
    return before;
}

void Mutex::enter_after_sleep(Before before, Site site) {
    if (!spins())
        return enter(site);
    arch::self().spin_depth++;
    spin_until_taken(site);
    push(before);
    lockcheck::entered(lock_, Hold::exclusive, site);
}

// ---- adaptive -----------------------------------------------------------------------------------

void Mutex::wait_until_taken(Site site) {
    assert_may_block(lock_, "mutex_enter", site);
    lockcheck::Waiting waiting(lock_, site);
    bool said_spinning = false;
    do {
        u64 word = word_.peek();
        if (word != 0)
            wait_for(word, said_spinning);
    } while (!take_if_free(true));
}

/// Spins or blocks once; the caller looks again in either case.
void Mutex::wait_for(u64 word, bool& said_spinning) {
    Lwp& owner = *owner_of(word);
    if (owner.is_running()) {
        if (!said_spinning && (word & busy) == 0)
            trace::record(trace::LockSpin{.lock = id(), .owner = owner.id()});
        said_spinning = said_spinning || (word & busy) == 0;
        arch::relax();
        return;
    }
    // From here on the owner can exit only through this lock, once the bit is set. (1)
    hart::SpinGuard guard(sched::lock);
    word = word_.peek();
    if (owner_of(word) != &owner || (word & busy) != 0 || owner.is_running())
        return;
    if ((word & waiters) == 0 && !word_.take(word, word | waiters))
        return;
    trace::carry_in_here(stamp_); // the owner leaves through sched::lock now: nobody writes it
    block(lock_, &owner, Hold::exclusive);
}

/// Releases (sched::lock held), and wakes whoever waits.
void Mutex::release() {
    if (give_if_unwanted())
        return;
    ASSERT((word_.peek() & waiters) != 0);
    ASSERT(lock_.turnstile != nullptr); // (1)

    trace::record(trace::LockRelease{.lock = id(), .hold = Hold::exclusive, .waiters = 1});
    stamp_ = trace::carry_out();
    word_.publish(0);
    if (!hart::mutated(hart::Mutation::lost_exit))
        wake_all(lock_);
}

void Mutex::assert_exitable(Site site) const {
    lockcheck::assert_ready(lock_, "mutex_exit", site);
    Lwp* holder = owner();
    if (holder != &sched::current())
        lockcheck::refuse(lock_, site, "mutex_exit of ", name(), ", which ",
                          holder == nullptr ? "nobody" : holder->name, " owns, by ",
                          sched::current().name);
}

// ---- spin ---------------------------------------------------------------------------------------

/// Up to the mutex's level. From here on the LWP cannot leave the hart.
Mutex::Before Mutex::raise(Site site) const {
    Before before = hart::stay_here(lock_.level);
    if (before.level > lock_.level)
        lockcheck::refuse(lock_, site, "mutex_enter of ", name(), ", a spin mutex of level ",
                          hart::ipl::names[lock_.level], ", at level ",
                          hart::ipl::names[before.level]);
    if (!hart::mutated(hart::Mutation::level_not_raised))
        hart::set_level(lock_.level);
    return before;
}

bool Mutex::try_enter_spinning(Site site) {
    Before before = raise(site);
    if (!take_if_free(false)) {
        hart::go_back(lock_.level, before);
        return false;
    }
    push(before);
    lockcheck::entered(lock_, Hold::exclusive, site);
    return true;
}

void Mutex::spin_until_taken(Site site) {
    if (take_if_free(false))
        return;
    lockcheck::Waiting waiting(lock_, site);
    do
        arch::relax();
    while (!take_if_free(true));
}

/// The newest of the LWP's spin mutexes. (2)
void Mutex::push(Before before) {
    Lwp& self = sched::current();
    before_ = before;
    depth_ = self.current.spin_depth;
    beneath_ = self.spin_mutexes;
    self.spin_mutexes = this;
}

/// No longer one of them. Returns what the LWP goes back to, which is where it is if a newer one is
/// left: that one inherits what this one would have gone back to.
Mutex::Before Mutex::remove(Site site) {
    Lwp& self = sched::current();
    if (self.spin_mutexes == this) {
        if (self.current.spin_depth != depth_)
            lockcheck::refuse(lock_, site, "mutex_exit of ", name(),
                              " inside of a SpinGuard that is newer");
        self.spin_mutexes = beneath_;
        return before_;
    }
    Mutex* newer = self.spin_mutexes;
    while (newer->beneath_ != this) {
        newer->depth_--;
        newer = newer->beneath_;
    }
    newer->depth_--;
    newer->beneath_ = beneath_;
    Before stays{lock_.level >= hart::ipl::clock ? arch::irq_save() : 0, self.current.level};
    newer->before_.level = before_.level;
    if (lock_.level >= hart::ipl::clock)
        newer->before_.irq = before_.irq;
    return stays;
}

void Mutex::exit_spinning(Site site) {
    Before before = remove(site);
    static_cast<void>(give_if_unwanted());
    hart::go_back(lock_.level, before);
}

} // namespace sync
