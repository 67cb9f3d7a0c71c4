// SPDX-License-Identifier: BSD-2-Clause
// From the wheel to the function and back: the run of a callout (executor.hpp has the picture).
#include "callout/held.hpp"
#include "callout/ids.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

namespace callout {

using hart::mutated;
using hart::Mutation;

namespace {

// Callouts that come down a level are filed again this many at a time, so that the clock's lock is
// held, and interrupts are disabled, for a bounded time even when thousands lie in one bucket.
constexpr unsigned filed_at_once = 32;

/// What the context of a function must look like again when it has returned.
struct Left {
    u16 spin_depth;
    u32 preempt_disabled;
    u8 level;
    bool irq_enabled;

    static Left now() {
        const arch::Current& lwp = arch::current();
        return {lwp.spin_depth, lwp.preempt_disabled, lwp.level, arch::irq_enabled()};
    }
};

void check_left(const Left& before, const char* name) {
    Left after = Left::now();
    if (after.spin_depth != before.spin_depth)
        hart::panic("callout ", name, " returned with ", after.spin_depth - before.spin_depth,
                    " more spin mutexes held");
    if (after.preempt_disabled != before.preempt_disabled)
        hart::panic("callout ", name, " returned with preemption disabled");
    if (after.level != before.level)
        hart::panic("callout ", name, " returned at level ", hart::ipl::names[after.level]);
    if (after.irq_enabled != before.irq_enabled)
        hart::panic("callout ", name, " returned with interrupts ",
                    after.irq_enabled ? "enabled" : "disabled");
}

/// Calls function(argument) and looks at what it left behind.
void call(Executor& executor, const char* name, const Executor::Sequel& what) {
    sched::Lwp& self = sched::current();
    const char* outer = self.serving;
    Left before = Left::now();
    u64 began = arch::now();

    if (executor.speed == Speed::slow) {
        lockcheck::Inside inside(executor.record(executor.completions.peek()));
        self.serving = name;
        what.function(what.argument);
        self.serving = outer;
    } else {
        what.function(what.argument);
    }

    check_left(before, name);
    u64 took = arch::now() - began;
    if (took <= executor.limit) [[likely]]
        return;
    executor.counts.slow++;
    hart::report(trace::ReportKind::slow_function, "callout ", name, " took ",
                 took * 1'000'000 / arch::timebase(), " us on hart ", hart::here(), ", more than ",
                 executor.limit * 1'000'000 / arch::timebase());
    while (executor.limit < took)
        executor.limit *= 2; // it has been said; worse must be said again
}

} // namespace

void Callout::run_due(Clock& clock, Executor& executor) {
    for (;;) {
        Job job;
        Found found = take(clock, executor, job);
        if (found == Found::nothing)
            return;
        if (found == Found::due)
            perform(clock, executor, job);
    }
}

Callout::Found Callout::take(Clock& clock, Executor& executor, Job& job) {
    hart::SpinGuard guard(clock.lock);
    ASSERT(executor.phase == Phase::none); // softclock is not re-entrant (S1.17)

    for (unsigned filed = 0; filed < filed_at_once; filed++) {
        Entry* entry = executor.wheel.take();
        if (entry == nullptr)
            return Found::nothing;
        auto& callout = static_cast<Callout&>(*entry);
        if (executor.wheel.is_due(callout)) {
            callout.begin(executor, job);
            return Found::due;
        }
        callout.file(clock);
    }
    return Found::more;
}

/// Off the wheel and in flight (the clock's lock held).
void Callout::begin(Executor& executor, Job& job) {
    Ticks late = executor.wheel.now() - due;
    job = {this, id_, name_, function_, argument_, lock_, static_cast<u32>(late)};
    executor.phase = lock_.any() ? Phase::taken : Phase::entered;
    executor.running = mutated(Mutation::unmarked_run) ? nullptr : this;
    executor.runner = executor.speed == Speed::slow ? &sched::current() : nullptr;
    executor.guest = sched::current().guest;
    executor.name = name_;
    executor.record(executor.completions.peek()) =
        lockcheck::ready(name_, lockcheck::Nature::function, hart::ipl::none);
    executor.counts.runs++;
    executor.counts.late += late != 0;
    flags_.set(flag_fired | flag_invoking);
    trace::record(trace::CalloutTake{.callout = id_, .lock = lock_.id()});
    if (executor.phase == Phase::entered)
        say_entered(executor, job);
}

void Callout::say_entered(const Executor& executor, const Job& job) {
    trace::record(
        trace::CalloutEnter{.callout = job.id, .late = job.late, .tick = executor.wheel.now()});
}

/// True: the function is to be called, and from here on nobody can keep it from being.
bool Callout::enter(Clock& clock, Executor& executor, const Job& job) {
    hart::SpinGuard guard(clock.lock);
    if (executor.called_off && !mutated(Mutation::deaf_to_calling_off)) {
        executor.counts.skipped++;
        trace::record(trace::CalloutSkip{.callout = job.id});
        return false;
    }
    executor.phase = Phase::entered;
    say_entered(executor, job);
    return true;
}

void Callout::leave(Clock& clock, Executor& executor, const Job& job) {
    hart::SpinGuard guard(clock.lock);
    executor.phase = Phase::returned;
    trace::record(trace::CalloutExit{.callout = job.id});
}

void Callout::perform(Clock& clock, Executor& executor, const Job& job) {
    Executor::Sequel function{job.function, job.argument};
    if (!job.lock.any()) {
        call(executor, job.name, function);
    } else {
        Holding holding(job.lock); // window 1 lies before this line, window 2 behind the block
        if (enter(clock, executor, job)) {
            call(executor, job.name, function);
            leave(clock, executor, job);
        }
    }
    if (mutated(Mutation::touches_freed))
        job.callout->flags_.set(job.callout->flags_.peek() & ~flag_invoking);
    finish(clock, executor, job);
}

/// Nothing is in flight any more. Nobody looks at the callout from here on.
void Callout::finish(Clock& clock, Executor& executor, const Job& job) {
    std::optional<Aftermath> after;
    while (!(after = end(clock, executor, job)).has_value())
        move_now(clock, executor);

    if (after->awaited || after->id_is_free) {
        hart::SpinGuard guard(sched::lock);
        executor.waiters.wake_all(trace::WakeReason::callout_done);
        if (after->id_is_free)
            give_id(job.id);
    }
    if (after->sequel.function != nullptr) {
        trace::record(trace::CalloutDrained{.callout = job.id});
        call(executor, job.name, after->sequel);
    }
}

/// Ends the run, unless somebody wishes that the callout moves first.
std::optional<Callout::Aftermath> Callout::end(Clock& clock, Executor& executor, const Job& job) {
    hart::SpinGuard guard(clock.lock);
    if (executor.move_to != Executor::stays)
        return std::nullopt;

    if (executor.phase == Phase::entered)
        trace::record(trace::CalloutExit{.callout = job.id});
    trace::record(trace::CalloutDone{.callout = job.id});
    Aftermath after{
        .awaited = executor.awaited, .id_is_free = executor.id_is_free, .sequel = executor.sequel};
    executor.phase = Phase::none;
    executor.running = nullptr;
    executor.name = nullptr;
    executor.called_off = executor.draining = executor.awaited = executor.id_is_free = false;
    executor.sequel = {};
    executor.completions.add(1); // executor.hpp (2)
    return after;
}

/// Takes a callout that was armed while it was in flight, for another hart, to that hart. That it
/// is to move means that it is pending, so it has not been freed: who frees it stops it first.
void Callout::move_now(Clock& clock, Executor& executor) {
    u32 from = static_cast<u32>(&clock - clocks.data());
    u32 to;
    {
        hart::SpinGuard guard(clock.lock);
        to = executor.move_to;
    }
    if (to == Executor::stays)
        return;
    BothHeld both(from, to);
    if (executor.move_to != to)
        return; // somebody has thought better of it
    executor.move_to = Executor::stays;
    Callout& callout = *executor.running;
    Wheel::remove(callout);
    callout.hart_.set(to); // callout.hpp (3)
    trace::record(trace::CalloutMove{
        .callout = callout.id_, .from = hart::hart_id(from), .to = hart::hart_id(to)});
    callout.file(clocks[to]);
}

} // namespace callout
