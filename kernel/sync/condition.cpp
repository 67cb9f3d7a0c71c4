// SPDX-License-Identifier: BSD-2-Clause
#include "sync/condition.hpp"

#include "hart/panic.hpp"

namespace sync {

void Condition::wait(Mutex& mutex) {
    sched::assert_sleepable("cv_wait");
    ASSERT(mutex.owned());
    Mutex::Before before;
    {
        hart::SpinGuard guard(sched::lock);
        before = mutex.exit_locked();
        queue_.sleep("cv_wait");
    }
    mutex.enter_after_sleep(before); // (1)
}

void Condition::signal() {
    hart::SpinGuard guard(sched::lock);
    queue_.wake_one(trace::WakeReason::signalled);
}

void Condition::broadcast() {
    hart::SpinGuard guard(sched::lock);
    queue_.wake_all(trace::WakeReason::broadcast);
}

} // namespace sync
