// SPDX-License-Identifier: BSD-2-Clause
#include "sync/long_term_lock.hpp"

#include "hart/panic.hpp"
#include "sync/shared_holds.hpp"
#include "trace/emit.hpp"

namespace sync {

void LongTermLock::init(const char* name, Site site) {
    lock_.announce(name, LockKind::long_term_lock, hart::ipl::none, site);
    waiters_.init(name);
    drained_ = false;
}

void LongTermLock::destroy(Site site) {
    lockcheck::assert_ready(lock_, "lockdestroy", site);
    if (owner_ != nullptr || readers_ != 0)
        lockcheck::refuse(lock_, site, "lockdestroy of ", name(), ", which is held");
    waiters_.retire("lockdestroy");
    lock_.retire(site);
}

bool LongTermLock::held() const {
    return owner_ == &sched::current() || holds_shared(sched::current(), lock_);
}

bool LongTermLock::admits(Hold hold) const {
    if (owner_ != nullptr)
        return false;
    return hold == Hold::shared ? wanting_ == 0 : readers_ == 0;
}

void LongTermLock::assert_may_enter(const char* primitive, Site site) const {
    lockcheck::assert_ready(lock_, primitive, site);
    sched::assert_sleepable(primitive);
    if (drained_)
        lockcheck::refuse(lock_, site, primitive, " of ", name(), ", which is drained, by ",
                          sched::current().name);
    if (held())
        lockcheck::refuse(lock_, site, primitive, " of ", name(), ", which ", sched::current().name,
                          " holds already");
}

void LongTermLock::take(Hold hold, bool contended) {
    if (hold == Hold::exclusive) {
        owner_ = &sched::current();
    } else {
        readers_++;
        note_shared(sched::current(), lock_);
    }
    trace::record(
        trace::LockAcquire{.lock = id(), .hold = hold, .contended = static_cast<u8>(contended)});
}

void LongTermLock::enter(Hold hold, Site site) {
    assert_may_enter("lockmgr", site);
    lockcheck::entering(lock_, hold, site);
    {
        lockcheck::Waiting waiting(lock_, site);
        hart::SpinGuard guard(sched::lock);
        bool contended = !admits(hold);
        u32 exclusively = hold == Hold::exclusive ? 1 : 0;
        waiting_++;
        wanting_ += exclusively;
        while (!admits(hold))
            static_cast<void>(waiters_.sleep("lockmgr"));
        wanting_ -= exclusively;
        waiting_--;
        take(hold, contended);
    }
    lockcheck::entered(lock_, hold, site);
}

bool LongTermLock::try_enter(Hold hold, Site site) {
    assert_may_enter("lockmgr", site);
    {
        hart::SpinGuard guard(sched::lock);
        if (!admits(hold))
            return false;
        take(hold, false);
    }
    lockcheck::entered(lock_, hold, site);
    return true;
}

void LongTermLock::exit(Site site) {
    lockcheck::assert_ready(lock_, "lockmgr release", site);
    bool exclusive = owner_ == &sched::current();
    if (!exclusive)
        forget_shared(sched::current(), lock_, "lockmgr release", site);
    lockcheck::left(lock_, site);

    hart::SpinGuard guard(sched::lock);
    if (exclusive)
        owner_ = nullptr;
    else
        readers_--;
    trace::record(trace::LockRelease{.lock = id(),
                                     .hold = exclusive ? Hold::exclusive : Hold::shared,
                                     .waiters = !waiters_.empty()});
    if (readers_ == 0)
        waiters_.wake_all(trace::WakeReason::broadcast);
}

void LongTermLock::drain(Site site) {
    assert_may_enter("lockmgr drain", site);
    lockcheck::Waiting waiting(lock_, site);
    hart::SpinGuard guard(sched::lock);
    while (owner_ != nullptr || readers_ != 0 || waiting_ != 0)
        static_cast<void>(waiters_.sleep("lockmgr drain"));
    drained_ = true;
}

} // namespace sync
