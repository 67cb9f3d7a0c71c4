// SPDX-License-Identifier: BSD-2-Clause
#include "sched/sleep_queue.hpp"

#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "sync/turnstile.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace sched {

constinit SleepQueue* SleepQueue::first_ = nullptr;
constinit SleepQueue* SleepQueue::last_ = nullptr;
constinit u32 SleepQueue::last_id_ = 0;

namespace {

const char* read_by(const Lwp& lwp) {
    for (const sync::Lock* held : lwp.shared_holds)
        if (held != nullptr && held->kind == trace::LockKind::read_mostly_lock)
            return held->name;
    return "a read-mostly lock";
}

} // namespace

void assert_sleepable(const char* primitive, unsigned interlocks) {
    const Lwp& self = current();
    if (hart::in_timer())
        hart::panic(primitive, " in the timer interrupt");
    if (self.guest != nullptr)
        hart::panic(primitive, " in ", self.guest->name, ", which runs on the context of ",
                    self.name, ": a handler without an LWP waits for nothing");
    if (self.kind == LwpKind::idle)
        hart::panic(primitive, " by the idle LWP ", self.name);
    if (self.is_handler())
        hart::panic(primitive, " in ", self.serving != nullptr ? self.serving : "a handler",
                    ", which runs in ", self.name,
                    ": interrupt and softint LWPs may wait for a mutex and for nothing else");
    if (self.current.preempt_disabled != 0)
        hart::panic(primitive, " by ", self.name, " with preemption disabled");
    if (self.current.spin_depth > interlocks)
        hart::panic(primitive, " by ", self.name, " with a spin mutex held");
    if (interlocks == 0 && self.current.level > self.base_level)
        hart::panic(primitive, " by ", self.name, " at level ",
                    hart::ipl::names[self.current.level]);
    if (self.stays != 0)
        hart::panic(primitive, " by ", self.name, ", which reads ", read_by(self),
                    ": a writer that waits for it could not tell how long");
}

void SleepQueue::init(const char* name) {
    hart::SpinGuard guard(lock);
    if (name_ != nullptr)
        hart::panic("a sleep queue is initialised as ", name, ", but it is ", name_, " already");

    name_ = name;
    id_ = static_cast<ChannelId>(++last_id_);
    (last_ == nullptr ? first_ : last_->next_) = this;
    last_ = this;
    trace::name(id_, name);
}

void SleepQueue::retire(const char* primitive) {
    assert_ready(primitive);
    hart::SpinGuard guard(lock);
    if (const Lwp* sleeper = sleepers_.front())
        hart::panic(primitive, " of ", name_, ", on which ", sleeper->name, " sleeps");
    SleepQueue* before = nullptr;
    for (SleepQueue* queue = first_; queue != this; queue = queue->next_)
        before = queue;
    (before == nullptr ? first_ : before->next_) = next_;
    if (last_ == this)
        last_ = before;
    next_ = nullptr;
    name_ = nullptr;
}

void SleepQueue::assert_ready(const char* primitive) const {
    if (name_ == nullptr)
        hart::panic(primitive, " by ", current().name,
                    " of something that is not initialised, or is destroyed");
}

void SleepQueue::enter(const char* primitive, u64 deadline) {
    ASSERT(lock.held());
    assert_ready(primitive);
    assert_sleepable(primitive, 1); // sched::lock

    Lwp& self = current();
    self.state.set(LwpState::sleeping);
    self.sleeps_on = this; // (1)
    self.deadline = deadline;
    sleepers_.push_back(self);
    trace::record(trace::Sleep{.channel = id_, .deadline = deadline});
}

WakeReason SleepQueue::wait() {
    mi_switch(SwitchReason::slept);
    return current().woken;
}

WakeReason SleepQueue::sleep(const char* primitive, u64 deadline) {
    enter(primitive, deadline);
    return wait();
}

void SleepQueue::wake(Lwp& lwp, WakeReason reason) {
    ASSERT(lock.held());
    ASSERT(lwp.sleeps_on == this); // (1)

    sleepers_.remove(lwp);
    lwp.sleeps_on = nullptr;
    lwp.deadline = no_deadline;
    lwp.woken = reason;
    trace::record(trace::Unsleep{.channel = id_, .subject = lwp.id(), .reason = reason});
    make_runnable(lwp);
}

bool SleepQueue::wake_one(WakeReason reason) {
    Lwp* best = sleepers_.front();
    if (best == nullptr)
        return false;
    for_each_sleeper([&](Lwp& lwp) {
        if (lwp.effective() > best->effective())
            best = &lwp;
    });
    wake(*best, reason);
    return true;
}

void SleepQueue::wake_all(WakeReason reason) {
    while (wake_one(reason)) {
    }
}

void wake_if_due(Lwp& lwp, u64 now) {
    ASSERT(lock.held());
    if (lwp.sleeps_on == nullptr)
        return;
    bool due = lwp.deadline != no_deadline && static_cast<i64>(now - lwp.deadline) >= 0;
    if (due || hart::mutated(hart::Mutation::stale_timeout))
        lwp.sleeps_on->wake(lwp, WakeReason::timed_out);
}

} // namespace sched
