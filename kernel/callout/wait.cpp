// SPDX-License-Identifier: BSD-2-Clause
// Waiting for a callout that is in flight: halt, drain, and what stop and reset do under the two
// older policies.
#include "callout/deadlock.hpp"
#include "callout/held.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/report.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

namespace callout {

using hart::mutated;
using hart::Mutation;

namespace {

const char* self_name() {
    return sched::current().name;
}

/// Sleeps until the run is over, or does not if it is by now. Touches nothing of the callout.
void sleep_until(Executor& executor, u64 completions, trace::CalloutId id, const char* primitive) {
    hart::SpinGuard guard(sched::lock);
    bool is_over = executor.completions.get() != completions; // executor.hpp (2)
    if (is_over && !mutated(Mutation::ignores_completion))
        return;
    trace::record(trace::CalloutWait{.callout = id,
                                     .runner = executor.runner != nullptr ? executor.runner->id()
                                                                          : trace::LwpId::none});
    executor.waiters.enter(primitive);
    panic_if_circle(executor);
    sched::SleepQueue::wait();
}

/// Burns time until the run is over.
void spin_until(Executor& executor, u64 completions, trace::CalloutId id) {
    constexpr unsigned patience = 64; // rounds between two looks for a circle
    trace::record(trace::CalloutSpin{.callout = id,
                                     .runner = executor.runner != nullptr ? executor.runner->id()
                                                                          : trace::LwpId::none});
    // Who spins meets who spins for a mutex, and neither is on any queue: only the checker can
    // tell.
    u32 deadlocks = hart::reports(trace::ReportKind::deadlock);
    lockcheck::Waiting waiting(executor.record(completions));
    u64 began = arch::now();
    executor.spinning.set(&sched::current());
    for (unsigned round = 1; executor.completions.get() == completions; round++) {
        arch::relax();
        if (round % patience != 0)
            continue;
        look_for_circle(executor);
        if (hart::reports(trace::ReportKind::deadlock) != deadlocks)
            hart::panic("deadlock: ", self_name(), " would spin for ever until a callout is done");
    }
    executor.spinning.set(nullptr);
    executor.burnt.add(arch::now() - began);
}

} // namespace

bool Executor::is_self() const {
    if (speed == Speed::fast) // the timer interrupt of the hart that we are on
        return hart::in_timer() && this == &clocks[hart::here()].fast;
    const sched::Lwp& self = sched::current();
    return !hart::in_timer() && runner == &self && guest == self.guest;
}

/// Panics unless this is a place where halt and drain may sleep. Asked at the door, whether or not
/// anything is in flight.
void Callout::assert_may_wait(const char* primitive, const Interlock& interlock) const {
    assert_has_lwp(primitive);
    sched::assert_sleepable(primitive);
    if (interlock.any() && !interlock.held())
        hart::panic(primitive, " of ", name_, " by ", self_name(), ", who does not hold ",
                    interlock.name(), ", the interlock");
    if (interlock.any() && !interlock.can_be_given_back())
        hart::panic(primitive, " of ", name_, " by ", self_name(), " with the interlock ",
                    interlock.name(), ", which cannot be given back");
    if (lock_.any() && !interlock.is(lock_) && lock_.held())
        hart::panic(primitive, " of ", name_, " by ", self_name(), ", who holds ", lock_.name(),
                    ", the lock that its function is entered with");
}

/// Tells the lock checker that this may wait for the function: then what the caller holds comes
/// before it, and the function must not want it, whether or not it runs now (S1.13, M6).
void Callout::learn_order() const {
    lockcheck::Record record =
        lockcheck::ready(name_, lockcheck::Nature::function, hart::ipl::none);
    lockcheck::entering(record, trace::Hold::exclusive, lockcheck::Site::here());
}

/// Panics where there is no LWP that could wait: in the timer interrupt, in a traditional handler,
/// and with a spin mutex held.
void Callout::assert_has_lwp(const char* primitive) const {
    const sched::Lwp& self = sched::current();
    const char* fast = clocks[hart::here()].fast.name;
    if (hart::in_timer() && fast != nullptr)
        hart::panic(primitive, " of ", name_, " in ", fast,
                    ", a fast callout, which has no LWP that could wait");
    if (hart::in_timer())
        hart::panic(primitive, " of ", name_, " in the timer interrupt");
    if (self.guest != nullptr)
        hart::panic(primitive, " in ", self.guest->name, ", which runs on the context of ",
                    self.name, " and has no LWP that could wait for ", name_);
    if (self.current.spin_depth != 0)
        hart::panic(primitive, " of ", name_, " by ", self.name, " with a spin mutex held");
}

/// It is this callout's function that calls.
bool Callout::in_own_function() const {
    hart::IrqGuard masked; // who runs a function stays on its hart
    Executor& executor = clocks[hart::here()].executor(speed_);
    return executor.has_in_flight(*this) && executor.is_self();
}

/// The run that must be waited for, if there is one (the clock's lock held).
std::optional<Callout::Run> Callout::obstacle(Clock& clock, Extent extent) const {
    Executor& executor = clock.executor(speed_);
    bool in_the_way =
        extent == Extent::run ? executor.has_in_flight(*this) : inside_for_us(executor);
    if (!in_the_way || executor.is_self())
        return std::nullopt;
    if (mutated(Mutation::own_hart_slips) && &clock == &clocks[hart::here()])
        return std::nullopt;
    if (extent == Extent::run || policy == Policy::wait)
        executor.awaited = true;
    return Run{&clock, &executor, executor.completions.peek()};
}

/// callout=wait and callout=spin. False: there is no waiting, because the function is on our own
/// hart and would never go on while we spin; the caller must deal with it, as in 2006.
bool Callout::pass(const char* primitive, const Run& run) const {
    if (policy == Policy::wait) {
        sched::assert_sleepable(primitive);
        sleep_until(*run.executor, run.completions, id_, primitive);
        return true;
    }
    hart::PreemptGuard stay;
    if (run.clock == &clocks[hart::here()])
        return false;
    if (sched::current().current.spin_depth != 0)
        hart::panic(primitive, " of ", name_, " by ", self_name(),
                    " has to wait with a spin mutex held");
    spin_until(*run.executor, run.completions, id_);
    return true;
}

/// What reset and schedule did before they stopped waiting.
void Callout::let_function_return(const char* primitive) {
    if (policy == Policy::wait && !in_own_function())
        assert_has_lwp(primitive);
    std::optional<Run> run;
    {
        Held clock(*this);
        run = obstacle(*clock, Extent::function);
    }
    if (run.has_value())
        static_cast<void>(pass(primitive, *run));
}

Result Callout::stop() {
    assert_usable("callout_stop");
    if (policy == Policy::wait && !in_own_function())
        assert_has_lwp("callout_stop");

    std::optional<Result> first;
    for (;;) {
        std::optional<Run> run;
        {
            Held clock(*this);
            Result found = cancel(clock->executor(speed_));
            first = first.value_or(found);
            if (policy != Policy::halt)
                run = obstacle(*clock, Extent::function);
        }
        if (!run.has_value() || !pass("callout_stop", *run))
            return *first;
    }
}

Result Callout::halt(Interlock interlock) {
    assert_usable("callout_halt");
    if (!in_own_function())
        assert_may_wait("callout_halt", interlock);

    if (lockcheck::armed() && !interlock.any() && !in_own_function())
        learn_order();
    std::optional<Result> first;
    Interlock::Saved saved;
    bool released = false;
    for (;;) {
        std::optional<Run> run;
        {
            // Functions commonly arm their callout again before they return, so it is cancelled
            // anew under the same lock under which nothing is found in flight.
            Held clock(*this);
            Executor& executor = clock->executor(speed_);
            if (!first.has_value())
                first = cancel(executor);
            else if (on_ring() && !mutated(Mutation::halts_once))
                static_cast<void>(cancel(executor));
            run = obstacle(*clock, Extent::run);
        }
        if (!run.has_value())
            break;
        if (interlock.any() && !released) {
            interlock.exit(saved); // the function may want it
            released = true;
            continue;
        }
        sleep_until(*run->executor, run->completions, id_, "callout_halt");
    }
    if (released)
        interlock.enter(saved);
    return *first;
}

Result Callout::drain() {
    assert_usable("callout_drain");
    if (!in_own_function())
        assert_may_wait("callout_drain", {});
    if (lockcheck::armed() && !in_own_function())
        learn_order();

    Result result;
    std::optional<Run> run;
    {
        Held clock(*this);
        Executor& executor = clock->executor(speed_);
        if (executor.has_in_flight(*this)) {
            if (executor.sequel.function != nullptr)
                hart::panic("callout_drain of ", name_, ", which is being drained already");
            executor.draining = true;
        }
        result = take_off(executor);
        trace::record(trace::CalloutDrain{.callout = id_, .result = result, .asynchronous = 0});
        run = obstacle(*clock, Extent::run);
    }
    if (run.has_value())
        sleep_until(*run->executor, run->completions, id_, "callout_drain");
    return result;
}

} // namespace callout
