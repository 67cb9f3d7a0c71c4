// SPDX-License-Identifier: BSD-2-Clause
#include "sync/mutex.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"

namespace sync {

using sched::LwpState;

namespace {

constexpr u64 destroyed = ~u64{0} << 4; // an owner that nobody is

void assert_may_block(const char* name) {
    const Lwp& self = sched::current();
    if (hart::self().in_timer)
        hart::panic("mutex_enter of ", name, " in the timer interrupt");
    if (self.guest != nullptr)
        hart::panic("mutex_enter of ", name, ", which is adaptive, in ", self.guest->name,
                    ", which has no LWP: it runs on the context of ", self.name);
    if (self.kind == sched::LwpKind::idle)
        hart::panic("mutex_enter of ", name, " by the idle LWP ", self.name);
    if (self.current.spin_depth != 0)
        hart::panic("mutex_enter of ", name, " with a spin mutex held");
    if (self.current.preempt_disabled != 0)
        hart::panic("mutex_enter of ", name, " has to wait with preemption disabled");
}

bool is_running(const Lwp& lwp) {
    return lwp.state.peek() == LwpState::running;
}

} // namespace

void Mutex::init(const char* name) {
    word_.set(0);
    lock_.announce(name, LockKind::adaptive_mutex);
}

void Mutex::destroy() {
    if (!word_.take(0, destroyed))
        hart::panic("mutex_destroy of ", name(), ", which is owned");
    lock_.retire();
}

// With events of locks switched on, the word and its event become true together: `busy` keeps
// everybody else spinning, and disabled interrupts keep us from being pinned in between.
bool Mutex::try_take(bool contended) {
    if (!tracing())
        return word_.take(0, self());
    hart::IrqGuard masked;
    if (!word_.take(0, self() | busy))
        return false;
    trace::carry_in(stamp_);
    trace::record(trace::LockAcquire{
        .lock = id(), .hold = Hold::exclusive, .contended = static_cast<u8>(contended)});
    word_.publish(self());
    return true;
}

bool Mutex::try_give() {
    if (!tracing())
        return word_.give(self(), 0);
    hart::IrqGuard masked;
    if (!word_.take(self(), self() | busy))
        return false;
    trace::record(trace::LockRelease{.lock = id(), .hold = Hold::exclusive, .waiters = 0});
    stamp_ = trace::carry_out();
    word_.publish(0);
    return true;
}

bool Mutex::try_enter() {
    return try_take(false);
}

void Mutex::enter_slowly() {
    if (try_take(false))
        return;
    assert_may_block(name());
    bool said_spinning = false;
    do {
        u64 word = word_.peek();
        if (word == destroyed)
            hart::panic("mutex_enter of ", name(), ", which is destroyed");
        if (owner_of(word) == &sched::current())
            hart::panic("mutex_enter of ", name(), ", which ", sched::current().name,
                        " owns already");
        if (word != 0)
            wait_for(word, said_spinning);
    } while (!try_take(true));
}

/// Spins or blocks once; the caller looks again in either case.
void Mutex::wait_for(u64 word, bool& said_spinning) {
    Lwp& owner = *owner_of(word);
    if (is_running(owner)) {
        if (!said_spinning && (word & busy) == 0)
            trace::record(trace::LockSpin{.lock = id(), .owner = owner.id()});
        said_spinning = said_spinning || (word & busy) == 0;
        arch::relax();
        return;
    }
    // From here on the owner can exit only through this lock, once the bit is set. (1)
    hart::SpinGuard guard(sched::lock);
    word = word_.peek();
    if (owner_of(word) != &owner || (word & busy) != 0 || is_running(owner))
        return;
    if ((word & waiters) == 0 && !word_.take(word, word | waiters))
        return;
    block(lock_, &owner, Hold::exclusive);
}

void Mutex::exit_slowly() {
    if (try_give())
        return;
    hart::SpinGuard guard(sched::lock);
    exit_locked();
}

void Mutex::exit_locked() {
    ASSERT(sched::lock.held());
    if (try_give())
        return;
    u64 word = word_.peek();
    if (owner_of(word) != &sched::current())
        hart::panic("mutex_exit of ", name(), ", which ",
                    word == 0 ? "nobody" : owner_of(word)->name, " owns");
    ASSERT((word & waiters) != 0);
    ASSERT(lock_.turnstile != nullptr); // (1)

    trace::record(trace::LockRelease{.lock = id(), .hold = Hold::exclusive, .waiters = 1});
    stamp_ = trace::carry_out();
    word_.publish(0);
    wake_all(lock_);
}

} // namespace sync
