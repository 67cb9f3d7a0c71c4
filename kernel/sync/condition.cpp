// SPDX-License-Identifier: BSD-2-Clause
#include "sync/condition.hpp"

#include "callout/timeout.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"

namespace sync {

void Condition::assert_may_wait(const char* primitive, const Mutex& mutex) const {
    queue_.assert_ready(primitive);
    sched::assert_sleepable(primitive, mutex.spins() ? 1 : 0);
    if (!mutex.owned())
        hart::panic(primitive, " of ", name(), " by ", sched::current().name,
                    ", which does not own ", mutex.name());
}

void Condition::wait(Mutex& mutex) {
    assert_may_wait("cv_wait", mutex);
    Mutex::Before before;
    bool in_one_step = !hart::mutated(hart::Mutation::open_window);
    if (!in_one_step) {
        hart::SpinGuard guard(sched::lock);
        before = mutex.exit_locked();
    }
    {
        hart::SpinGuard guard(sched::lock);
        if (in_one_step)
            before = mutex.exit_locked();
        queue_.sleep("cv_wait");
    }
    mutex.enter_after_sleep(before); // (1)
}

Woken Condition::wait_until(Mutex& mutex, u64 deadline) {
    assert_may_wait("cv_timedwait", mutex);
    Mutex::Before before;
    trace::WakeReason why;
    {
        callout::Timeout timeout(deadline);
        hart::SpinGuard guard(sched::lock);
        before = mutex.exit_locked();
        why = timeout.sleep(queue_, "cv_timedwait");
    }
    mutex.enter_after_sleep(before); // (1)
    return why == trace::WakeReason::timed_out ? Woken::by_timeout : Woken::by_signal;
}

Woken Condition::wait_for(Mutex& mutex, u64 ticks) {
    return wait_until(mutex, callout::deadline_in(ticks));
}

void Condition::signal() {
    queue_.assert_ready("cv_signal");
    hart::SpinGuard guard(sched::lock);
    static_cast<void>(queue_.wake_one(trace::WakeReason::signalled));
    if (hart::mutated(hart::Mutation::wake_several))
        static_cast<void>(queue_.wake_one(trace::WakeReason::signalled));
}

void Condition::broadcast() {
    queue_.assert_ready("cv_broadcast");
    hart::SpinGuard guard(sched::lock);
    queue_.wake_all(trace::WakeReason::broadcast);
}

} // namespace sync
