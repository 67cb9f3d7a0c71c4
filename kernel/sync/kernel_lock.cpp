// SPDX-License-Identifier: BSD-2-Clause
#include "sync/kernel_lock.hpp"

#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

namespace sync {

constinit KernelLock kernel_lock;

void KernelLock::init() {
    lock_.announce("kernel_lock", LockKind::kernel_lock, hart::ipl::none, lockcheck::Site::here());
}

/// With interrupts disabled, because between "which hart is this" and "it is this hart's" the LWP
/// must not be moved.
bool KernelLock::try_take(Lwp& self, u32 times, bool contended) {
    hart::IrqGuard masked;
    u32 here = hart::here() + 1;
    if (word_.peek() != here) { // (1)
        if (!word_.take(0, here))
            return false;
        ASSERT(depth_ == 0);
        owner_.set(&self);
        trace::carry_in(stamp_);
        trace::record(trace::LockAcquire{
            .lock = lock_.id, .hold = Hold::exclusive, .contended = static_cast<u8>(contended)});
    }
    depth_ += times; // (2)
    self.kernel_holds += times;
    return true;
}

void KernelLock::enter(u32 times, lockcheck::Site site) {
    Lwp& self = sched::current();
    lockcheck::assert_ready(lock_, "kernel_lock", site);
    if (self.current.spin_depth != 0)
        lockcheck::refuse(lock_, site, "kernel_lock is wanted by ", self.name,
                          " with a spin mutex held");
    if (hart::in_timer())
        lockcheck::refuse(lock_, site, "kernel_lock is wanted in the timer interrupt");
    bool first = self.kernel_holds == 0;
    if (first)
        lockcheck::entering(lock_, Hold::exclusive, site);
    if (!try_take(self, times, false))
        spin(self, times, site);
    if (first)
        lockcheck::entered(lock_, Hold::exclusive, site);
}

/// A handler in `model=classic` runs as its victim, which may itself be spinning: so the mark is
/// put back to what it was.
void KernelLock::spin(Lwp& self, u32 times, lockcheck::Site site) {
    lockcheck::Waiting waiting(lock_, site);
    contentions_.add(1);
    const Lwp* owner = owner_.peek();
    trace::record(trace::LockSpin{.lock = lock_.id,
                                  .owner = owner != nullptr ? owner->id() : trace::LwpId::none});
    bool before = self.wants_kernel_lock.peek();
    self.wants_kernel_lock.set(true);
    while (!try_take(self, times, true))
        while (word_.peek() != 0)
            arch::relax();
    self.wants_kernel_lock.set(before);
}

/// Masked.
void KernelLock::give(Lwp& self, u32 times) {
    ASSERT(word_.peek() == hart::here() + 1); // (1)
    ASSERT(depth_ >= times);                  // (2)

    self.kernel_holds -= times;
    depth_ -= times;
    if (depth_ != 0)
        return;
    ASSERT(owner_.peek() == &self);
    trace::record(trace::LockRelease{.lock = lock_.id, .hold = Hold::exclusive, .waiters = 0});
    stamp_ = trace::carry_out();
    owner_.set(nullptr);
    word_.publish(0);
}

void KernelLock::exit(lockcheck::Site site) {
    Lwp& self = sched::current();
    if (self.kernel_holds == 0)
        lockcheck::refuse(lock_, site, "kernel_lock is released by ", self.name,
                          ", which does not hold it");
    if (self.kernel_holds == 1)
        lockcheck::left(lock_, site);
    {
        hart::IrqGuard masked;
        give(self, 1);
    }
    hart::pay_debts(); // a preemption may have been refused
}

void KernelLock::release_to_wait() {
    ASSERT(sched::lock.held());
    Lwp& self = sched::current();
    if (self.kernel_holds == 0 || hart::mutated(hart::Mutation::keep_big_lock))
        return;
    lockcheck::left(lock_, lockcheck::Site::here());
    self.kernel_holds_owed = self.kernel_holds;
    give(self, self.kernel_holds); // (3)
}

bool KernelLock::restore() {
    ASSERT(!arch::irq_enabled());
    if ((hart::self().owed.peek() & hart::owed_kernel_lock) == 0)
        return false;
    Lwp& self = sched::current();
    if (self.guest != nullptr && !hart::mutated(hart::Mutation::guest_pays))
        return false; // a handler runs as this LWP: what it came with, it leaves with
    u32 holds = self.kernel_holds_owed;
    if (holds == 0 && self.victim != nullptr)
        return false; // perhaps an LWP beneath this handler is owed: it looks when it goes on
    hart::self().owed.clear_bits(hart::owed_kernel_lock);
    if (holds == 0)
        return false; // the LWP that is owed has left again, and comes back with its debt
    self.kernel_holds_owed = 0;
    arch::irq_enable(); // it spins at its own level
    enter(holds);
    arch::irq_disable();
    return true;
}

} // namespace sync
