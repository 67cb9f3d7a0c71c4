// SPDX-License-Identifier: BSD-2-Clause
#include "sync/read_mostly.hpp"

#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"
#include "sync/shared_holds.hpp"

namespace sync {

namespace {

using Tracker = ReadMostlyLock::Tracker;

/// What a hart knows of readers. The list is its own, with interrupts disabled.
struct alignas(64) Readers {
    lib::List<Tracker, &Tracker::link> trackers;
    hart::Cell<u64> asked;    // times that writers asked for them
    hart::Cell<u64> answered; // the last question that was answered
    u64 stamp = 0;            // of that answer
    hart::Cell<u32> inside;   // readers; only the mutation unfenced_reader counts them
};
constinit Readers readers[arch::max_harts] = {};

u32 bit_of(unsigned hart) {
    return u32{1} << hart;
}

// What this lock would be without IPIs: each reader counts itself in and then looks for a writer,
// the writer revokes and then looks at the counts. That is right if each does the first before the
// second, for which the reader would need a fence (Dekker's algorithm needs it, too). It has none.
bool counts_instead() {
    return hart::mutated(hart::Mutation::unfenced_reader);
}

void count(u32 by) {
    hart::Cell<u32>& inside = readers[hart::here()].inside;
    if (counts_instead())
        inside.set(inside.peek() + by);
}

void wait_for_counts(u32 harts) {
    for (unsigned hart = 0; hart < hart::hart_count; hart++)
        while ((harts & bit_of(hart)) != 0 && readers[hart].inside.peek() != 0)
            arch::relax();
}

} // namespace

// ---- beginning and end --------------------------------------------------------------------------

void ReadMostlyLock::init(const char* name, Site site) {
    lock_.announce(name, LockKind::read_mostly_lock, hart::ipl::none, site);
    writers_name_.add(name, ".writers");
    writers_.init(writers_name_.text(), hart::ipl::none, site);
}

void ReadMostlyLock::destroy(Site site) {
    lockcheck::assert_ready(lock_, "rm_destroy", site);
    if (!writers_.try_enter(site))
        lockcheck::refuse(lock_, site, "rm_destroy of ", name(), ", which has a writer");
    revoke();
    {
        hart::SpinGuard guard(sched::lock);
        if (const Tracker* tracker = surrendered_.front())
            lockcheck::refuse(lock_, site, "rm_destroy of ", name(), ", which ",
                              tracker->reader->name, " reads");
    }
    writers_.exit(site);
    writers_.destroy(site);
    lock_.retire(site);
    writers_name_ = {};
}

bool ReadMostlyLock::read_held() const {
    return holds_shared(sched::current(), lock_);
}

// ---- reading ------------------------------------------------------------------------------------

void ReadMostlyLock::refuse_recursion(const char* primitive, Site site) const {
    if (read_held() || write_held())
        lockcheck::refuse(lock_, site, primitive, " of ", name(), " by ", sched::current().name,
                          ", which ", read_held() ? "reads" : "writes", " it already");
}

void ReadMostlyLock::assert_may_read(const Tracker& tracker, Site site) const {
    lockcheck::assert_ready(lock_, "rm_rlock", site);
    assert_may_block(lock_, "rm_rlock", site);
    if (tracker.lock != nullptr)
        lockcheck::refuse(lock_, site, "rm_rlock of ", name(), " with a tracker that ",
                          tracker.reader->name, " uses for ", tracker.lock->name());
    refuse_recursion("rm_rlock", site);
}

void ReadMostlyLock::enter_read(Tracker& tracker, Site site) {
    assert_may_read(tracker, site);
    lockcheck::entering(lock_, Hold::shared, site);
    sched::current().stays++; // from here on we do not leave this hart
    if (!try_take(tracker, false))
        enter_slowly(tracker);
    lockcheck::entered(lock_, Hold::shared, site);
}

bool ReadMostlyLock::try_enter_read(Tracker& tracker, Site site) {
    assert_may_read(tracker, site);
    sched::current().stays++;
    if (!try_take(tracker, false)) {
        sched::current().stays--;
        return false;
    }
    lockcheck::entered(lock_, Hold::shared, site);
    return true;
}

/// With interrupts disabled we cannot be asked for our readers in between.
bool ReadMostlyLock::try_take(Tracker& tracker, bool contended) {
    hart::IrqGuard masked;
    count(1);
    if ((revoked_.peek() & bit_of(hart::here())) != 0) {
        count(-1U);
        return false;
    }
    Lwp& self = sched::current();
    tracker.lock = this;
    tracker.reader = &self;
    tracker.surrendered = false;
    readers[hart::here()].trackers.push_front(tracker); // (1)
    note_shared(self, lock_);
    trace::record(trace::LockAcquire{
        .lock = id(), .hold = Hold::shared, .contended = static_cast<u8>(contended)});
    return true;
}

/// Waits for the writer, and gets this hart its token back.
void ReadMostlyLock::enter_slowly(Tracker& tracker) {
    MutexGuard guard(writers_);
    revoked_.clear_bits(bit_of(hart::here()));
    bool taken = try_take(tracker, true);
    ASSERT(taken); // whoever revokes must hold the mutex
}

/// Who reads is listed in one step with the event that says so: nobody looks in between.
bool ReadMostlyLock::try_leave(Tracker& tracker, Site site) {
    hart::IrqGuard masked;
    if (tracker.surrendered)
        return false;
    forget_shared(sched::current(), lock_, "rm_runlock", site);
    readers[hart::here()].trackers.remove(tracker);
    count(-1U);
    trace::record(trace::LockRelease{.lock = id(), .hold = Hold::shared, .waiters = 0});
    return true;
}

void ReadMostlyLock::exit_read(Tracker& tracker, Site site) {
    lockcheck::assert_ready(lock_, "rm_runlock", site);
    Lwp& self = sched::current();
    if (tracker.lock != this || tracker.reader != &self) {
        assert_shared(self, lock_, "rm_runlock", site);
        lockcheck::refuse(lock_, site, "rm_runlock of ", name(), " by ", self.name,
                          " with another tracker");
    }
    lockcheck::left(lock_, site);
    if (!try_leave(tracker, site)) {
        hart::SpinGuard guard(sched::lock);
        forget_shared(self, lock_, "rm_runlock", site);
        surrendered_.remove(tracker);
        trace::record(trace::LockRelease{.lock = id(), .hold = Hold::shared, .waiters = 1});
        if (lock_.turnstile != nullptr && lock_.turnstile->owner == &self)
            wake_all(lock_); // the writer waits for us, of all its readers
    }
    tracker.lock = nullptr;
    self.stays--;
}

// ---- writing ------------------------------------------------------------------------------------

void ReadMostlyLock::enter_write(Site site) {
    lockcheck::assert_ready(lock_, "rm_wlock", site);
    assert_may_block(lock_, "rm_wlock", site);
    refuse_recursion("rm_wlock", site);
    lockcheck::entering(lock_, Hold::exclusive, site);
    writers_.enter(site);
    {
        lockcheck::Waiting waiting(lock_, site);
        revoke();
        wait_for_readers();
    }
    lockcheck::entered(lock_, Hold::exclusive, site);
}

/// Takes all tokens, and waits until every hart that had one has handed over its readers.
void ReadMostlyLock::revoke() {
    u32 all = bit_of(hart::hart_count) - 1;
    u32 had = all & ~revoked_.set_bits(all);
    if (hart::mutated(hart::Mutation::skip_ipi))
        return;
    if (counts_instead())
        return wait_for_counts(had);
    u64 question[arch::max_harts] = {};
    for (unsigned hart = 0; hart < hart::hart_count; hart++) {
        if ((had & bit_of(hart)) == 0)
            continue;
        question[hart] = readers[hart].asked.add(1) + 1;
        hart::harts[hart].owed.set_bits(hart::owed_readers);
        trace::record(trace::Ipi{.target = hart::hart_id(hart)});
        arch::send_ipi(hart);
    }
    for (unsigned hart = 0; hart < hart::hart_count; hart++) {
        while (readers[hart].answered.get() < question[hart])
            arch::relax();
        if (question[hart] != 0)
            trace::carry_in(readers[hart].stamp);
    }
}

/// One after the other, so that each is lent our priority while it is the one we wait for.
void ReadMostlyLock::wait_for_readers() {
    hart::SpinGuard guard(sched::lock);
    while (const Tracker* tracker = surrendered_.front())
        block(lock_, tracker->reader, Hold::exclusive);
    writes_ = true;
    trace::record(trace::LockAcquire{.lock = id(), .hold = Hold::exclusive, .contended = 0});
}

void ReadMostlyLock::exit_write(Site site) {
    lockcheck::assert_ready(lock_, "rm_wunlock", site);
    if (!write_held())
        lockcheck::refuse(lock_, site, "rm_wunlock of ", name(), ", which ", sched::current().name,
                          " does not write");
    lockcheck::left(lock_, site);
    {
        hart::SpinGuard guard(sched::lock);
        writes_ = false;
        trace::record(trace::LockRelease{.lock = id(), .hold = Hold::exclusive, .waiters = 0});
    }
    writers_.exit(site);
}

bool ReadMostlyLock::surrender_readers() {
    ASSERT(!arch::irq_enabled());
    if ((hart::self().owed.peek() & hart::owed_readers) == 0)
        return false;
    hart::self().owed.clear_bits(hart::owed_readers);
    Readers& here = readers[hart::here()];
    u64 question = here.asked.get();

    hart::SpinGuard guard(sched::lock);
    for (Tracker* tracker = here.trackers.front(); tracker != nullptr;) {
        Tracker* next = here.trackers.next(*tracker);
        if ((tracker->lock->revoked_.peek() & bit_of(hart::here())) != 0) {
            here.trackers.remove(*tracker);
            tracker->surrendered = true; // (1)
            tracker->lock->surrendered_.push_back(*tracker);
        }
        tracker = next;
    }
    here.stamp = trace::carry_out();
    here.answered.publish(question);
    return true;
}

} // namespace sync
