// SPDX-License-Identifier: BSD-2-Clause
#include "sync/semaphore.hpp"

#include "callout/timeout.hpp"
#include "hart/panic.hpp"
#include "trace/emit.hpp"

namespace sync {

void Semaphore::init(const char* name, u32 value) {
    queue_.init(name);
    hart::SpinGuard guard(sched::lock);
    set(value);
}

void Semaphore::set(u32 value) {
    value_ = value;
    trace::record(trace::SemaphoreValue{.channel = queue_.id(), .value = value_});
}

void Semaphore::wait() {
    queue_.assert_ready("sema_wait");
    sched::assert_sleepable("sema_wait");
    hart::SpinGuard guard(sched::lock);
    if (value_ > 0)
        set(value_ - 1);
    else
        static_cast<void>(queue_.sleep("sema_wait")); // whoever wakes us gives us its unit
}

bool Semaphore::wait_until(u64 deadline) {
    queue_.assert_ready("sema_timedwait");
    sched::assert_sleepable("sema_timedwait");
    callout::Timeout timeout(deadline);
    hart::SpinGuard guard(sched::lock);
    if (value_ == 0)
        return timeout.sleep(queue_, "sema_timedwait") != trace::WakeReason::timed_out;
    set(value_ - 1);
    return true;
}

bool Semaphore::try_wait() {
    queue_.assert_ready("sema_trywait");
    hart::SpinGuard guard(sched::lock);
    if (value_ == 0)
        return false;
    set(value_ - 1);
    return true;
}

void Semaphore::post() {
    queue_.assert_ready("sema_post");
    hart::SpinGuard guard(sched::lock);
    if (queue_.wake_one(trace::WakeReason::signalled)) {
        ASSERT(value_ == 0); // (1)
        return;
    }
    if (value_ == ~u32{0})
        hart::panic("sema_post of ", queue_.name(), ", which counts no further");
    set(value_ + 1);
}

} // namespace sync
