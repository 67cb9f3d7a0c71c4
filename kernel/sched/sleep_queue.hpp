// SPDX-License-Identifier: BSD-2-Clause
// A sleep queue: the LWPs that wait for an event of one channel (a condition variable, a callout
// that runs, a pause), as opposed to those that wait for a lock, which a turnstile holds.
//
//   sleeper                                      waker
//   SpinGuard guard(sched::lock);                SpinGuard guard(sched::lock);
//   queue.sleep("cv_wait");                      queue.wake_all();
//
// sleep() enters the queue and switches without releasing sched::lock in between, so whoever
// decides to wake under the same lock cannot miss the sleeper. A lock that protects the sleeper's
// condition is released by the sleeper after it has taken sched::lock (sync/condition.cpp), or
// between entering and switching (enter() and wait()).
//
// Rules
//   - Interrupt, softint and idle LWPs never sleep: sleep() panics, naming primitive and handler,
//     whether or not it would have had to wait (S2.19, S2.20).
//   - A timeout is an absolute deadline. Who wakes by it compares it with the clock and with
//     `deadline` of the LWP, so a late timeout cannot end a later sleep (S4.19).
// Invariants
//   (1) An LWP's sleeps_on is this queue exactly if its queue_link is on it.
// Read next: sync/condition.hpp
#pragma once

#include "sched/sched.hpp"

namespace sched {

/// Panics if the current context may not wait for events, naming the primitive and the handler.
/// Called at the door of everything that can sleep, before it looks whether it has to. `interlocks`
/// is the number of spin mutexes that the primitive itself will release.
void assert_sleepable(const char* primitive, unsigned interlocks = 0);

/// A deadline that never comes: the sleep is not timed.
constexpr u64 no_deadline = 0;

class SleepQueue {
public:
    constexpr SleepQueue() = default;
    SleepQueue(const SleepQueue&) = delete;
    SleepQueue& operator=(const SleepQueue&) = delete;

    /// Names the channel for events and lists it for the monitor. Once, before first use; any
    /// context in which sched::lock may be taken.
    void init(const char* name);
    /// The end: nobody sleeps here, or panics naming `primitive`. It can be initialised again.
    void retire(const char* primitive);
    /// Panics if it is not initialised, naming `primitive` and the caller.
    void assert_ready(const char* primitive) const;

    /// Puts the current LWP on the queue and switches away (lock held). `deadline` is in hardclock
    /// ticks; arranging for somebody to call wake_if_due() is up to callout/timeout.hpp.
    WakeReason sleep(const char* primitive, u64 deadline = no_deadline);

    /// The first half of sleep(): on the queue, but still running (lock held). wait() must follow
    /// before sched::lock is released.
    void enter(const char* primitive, u64 deadline = no_deadline);
    /// The second half.
    static WakeReason wait();

    /// Wakes the most urgent sleeper, the longest waiting among equals (lock held). False: nobody.
    bool wake_one(WakeReason reason);
    void wake_all(WakeReason reason);
    /// Ends this LWP's sleep on this queue (lock held).
    void wake(Lwp& lwp, WakeReason reason);

    [[nodiscard]] bool empty() const { return sleepers_.empty(); }
    [[nodiscard]] ChannelId id() const { return id_; }
    [[nodiscard]] const char* name() const { return name_; }

    /// Calls fn(lwp) for each sleeper in order of arrival (lock held).
    void for_each_sleeper(auto&& fn) const {
        for (Lwp* lwp = sleepers_.front(); lwp != nullptr; lwp = Sleepers::next(*lwp))
            fn(*lwp);
    }
    /// Calls fn(queue) for each queue that there is, in order of initialisation (lock held).
    static void for_each(auto&& fn) {
        for (SleepQueue* queue = first_; queue != nullptr; queue = queue->next_)
            fn(*queue);
    }

private:
    using Sleepers = lib::List<Lwp, &Lwp::queue_link>;
    static constinit SleepQueue* first_;
    static constinit SleepQueue* last_;
    static constinit u32 last_id_;

    Sleepers sleepers_;
    SleepQueue* next_ = nullptr; // all queues
    const char* name_ = nullptr;
    ChannelId id_{};
};

/// A timeout of `lwp`: ends its sleep if that has a deadline which is not after `now` (in hardclock
/// ticks, which wrap). Lock held.
void wake_if_due(Lwp& lwp, u64 now);

} // namespace sched
