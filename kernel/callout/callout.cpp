// SPDX-License-Identifier: BSD-2-Clause
// The life of a callout: initialised, armed, stopped, destroyed. Nothing here waits.
#include "callout/callout.hpp"

#include "callout/held.hpp"
#include "callout/ids.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace callout {

using hart::mutated;
using hart::Mutation;

constinit Policy policy = Policy::halt;
constinit lib::List<Callout, &Callout::link_> Callout::all_;

void Callout::assert_usable(const char* primitive) const {
    if (id_ != trace::CalloutId::none)
        return;
    if (name_ == nullptr)
        hart::panic(primitive, " of a callout that was never initialised, by ",
                    static_cast<const char*>(sched::current().name));
    hart::panic(primitive, " of ", name_, ", which is destroyed, by ",
                static_cast<const char*>(sched::current().name));
}

void Callout::init(const char* name, Speed speed, Interlock lock) {
    if (id_ != trace::CalloutId::none)
        hart::panic("callout_init of ", name_, ", which is initialised already");
    if (const char* objection = lock.objection(speed == Speed::fast))
        hart::panic("callout_init of ", name, " with ", lock.name(), ": ", objection);

    name_ = name;
    speed_ = speed;
    lock_ = lock;
    flags_.set(0);
    hart::SpinGuard guard(sched::lock);
    hart_.set(hart::here());
    id_ = take_id();
    all_.push_back(*this);
    trace::name(id_, name);
    trace::record(
        trace::CalloutInit{.callout = id_, .lock = lock.id(), .fast = speed == Speed::fast});
}

void Callout::destroy() {
    assert_usable("callout_destroy");
    bool in_flight;
    {
        Held clock(*this);
        Executor& executor = clock->executor(speed_);
        in_flight = executor.has_in_flight(*this);
        if (on_ring())
            hart::panic("callout_destroy of ", name_, ", which is pending");
        if (in_flight && executor.draining)
            hart::panic("callout_destroy of ", name_, ", which is being drained");
        if (inside_for_us(executor) && !executor.is_self())
            hart::panic("callout_destroy of ", name_, ", whose function ",
                        executor.runner != nullptr ? executor.runner->name : "a timer interrupt",
                        " is running");
        if (in_flight) {
            executor.running = nullptr; // executor.hpp (1)
            executor.id_is_free = true;
        }
    }
    hart::SpinGuard guard(sched::lock);
    all_.remove(*this);
    trace::record(trace::CalloutDestroy{.callout = id_});
    if (!in_flight)
        give_id(id_);
    id_ = trace::CalloutId::none;
    function_ = nullptr;
}

// ---- arming -------------------------------------------------------------------------------------

Result Callout::reset(Ticks delta, Function function, void* argument) {
    ASSERT(function != nullptr);
    return arm(
        {.primitive = "callout_reset", .when = delta, .function = function, .argument = argument});
}

Result Callout::reset_on(unsigned hart, Ticks delta, Function function, void* argument) {
    ASSERT(function != nullptr);
    return arm({.primitive = "callout_reset_on",
                .when = delta,
                .function = function,
                .argument = argument,
                .hart = hart});
}

Result Callout::reset_at(Ticks due, Function function, void* argument) {
    ASSERT(function != nullptr);
    return arm({.primitive = "callout_reset_at",
                .when = due,
                .absolute = true,
                .function = function,
                .argument = argument});
}

Result Callout::schedule(Ticks delta) {
    return arm({.primitive = "callout_schedule", .when = delta});
}

Result Callout::schedule_on(unsigned hart, Ticks delta) {
    return arm({.primitive = "callout_schedule_on", .when = delta, .hart = hart});
}

/// The hart on whose wheel a new appointment goes now (its clock's lock held).
u32 Callout::destination(const Executor& executor, u32 wanted) const {
    if (executor.has_in_flight(*this) && !mutated(Mutation::moves_in_flight))
        return hart_.peek(); // (3): it moves when the run is over
    if (wanted != any_hart)
        return wanted;
    return on_ring() ? hart_.peek() : hart::here();
}

Result Callout::arm(const Appointment& wanted) {
    assert_usable(wanted.primitive);
    ASSERT(wanted.absolute || wanted.when <= Wheel::furthest);
    ASSERT(wanted.hart == any_hart || wanted.hart < hart::hart_count);

    if (policy != Policy::halt)
        let_function_return(wanted.primitive);
    for (;;) {
        u32 from, to;
        {
            Held clock(*this);
            from = hart_.peek();
            to = destination(clock->executor(speed_), wanted.hart);
            if (to == from)
                return arm_on(*clock, wanted);
        }
        BothHeld both(from, to);
        if (hart_.peek() != from || destination(clocks[from].executor(speed_), wanted.hart) != to)
            continue; // somebody was faster
        if (on_ring())
            Wheel::remove(*this);
        hart_.set(to); // (3)
        trace::record(trace::CalloutMove{
            .callout = id_, .from = hart::hart_id(from), .to = hart::hart_id(to)});
        return arm_on(clocks[to], wanted);
    }
}

/// On the wheel of the hart it belongs to (its clock's lock held).
Result Callout::arm_on(Clock& clock, const Appointment& wanted) {
    Executor& executor = clock.executor(speed_);
    bool in_flight = executor.has_in_flight(*this);
    if (in_flight && executor.draining)
        return Result::running; // it is to come to rest, and will not be armed any more

    bool was_pending = pending();
    Result result = take_off(executor);
    if (wanted.function != nullptr) {
        function_ = wanted.function;
        argument_ = wanted.argument;
    }
    if (function_ == nullptr)
        hart::panic(wanted.primitive, " of ", name_, " before any callout_reset");
    if (in_flight && wanted.hart != any_hart && wanted.hart != hart_.peek())
        executor.move_to = wanted.hart;
    due = wanted.absolute ? wanted.when : clock.now() + wanted.when;
    if (!later(due, clock.now()))
        due = clock.now() + 1;
    flags_.set(flag_pending);
    trace::record(trace::CalloutReset{
        .callout = id_, .on = hart::hart_id(hart_.peek()), .was_pending = was_pending, .due = due});
    file(clock);
    return result;
}

void Callout::file(Clock& clock) {
    clock.executor(speed_).wheel.insert(*this);
    trace::record(trace::CalloutPlace{
        .callout = id_, .on = hart::hart_id(hart_.peek()), .level = level, .bucket = bucket});
}

// ---- stopping -----------------------------------------------------------------------------------

/// The function may be inside, for all that the caller can know: who holds its lock exclusively
/// after the function has returned knows that it is not.
bool Callout::inside_for_us(const Executor& executor) const {
    return executor.is_inside(*this)
           && (executor.phase != Phase::returned || !lock_.held_exclusively());
}

/// No appointment is left, nor a run that can still be called off (the clock's lock held).
Result Callout::take_off(Executor& executor) {
    bool appointed = pending();
    if (on_ring())
        Wheel::remove(*this);
    if (executor.has_in_flight(*this)) {
        executor.move_to = Executor::stays;
        if (executor.phase == Phase::taken && !executor.called_off) {
            executor.called_off = true;
            appointed = true;
        }
    }
    flags_.set(0);
    if (inside_for_us(executor))
        return Result::running;
    return appointed ? Result::cancelled : Result::not_pending;
}

Result Callout::cancel(Executor& executor) {
    Result result = take_off(executor);
    trace::record(trace::CalloutStop{.callout = id_, .result = result});
    return result;
}

Result Callout::try_stop() {
    assert_usable("callout_try_stop");
    Held clock(*this);
    return cancel(clock->executor(speed_));
}

bool Callout::drain_async(Function then, void* argument) {
    assert_usable("callout_drain_async");
    ASSERT(then != nullptr);

    Held clock(*this);
    Executor& executor = clock->executor(speed_);
    bool in_flight = executor.has_in_flight(*this);
    if (in_flight && executor.draining)
        hart::panic("callout_drain_async of ", name_, ", which is being drained already");
    Result result = take_off(executor);
    if (in_flight) {
        executor.draining = true;
        executor.sequel = {.function = then, .argument = argument};
    }
    trace::record(trace::CalloutDrain{.callout = id_, .result = result, .asynchronous = 1});
    return !in_flight;
}

void Callout::ack() {
    assert_usable("callout_ack");
    Held clock(*this);
    flags_.set(flags_.peek() & ~flag_invoking);
}

} // namespace callout
