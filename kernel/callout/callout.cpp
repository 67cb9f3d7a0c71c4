// SPDX-License-Identifier: BSD-2-Clause
#include "callout/callout.hpp"

#include "callout/clock.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

#include <optional>

namespace callout {

namespace {

hart::Cell<u32> last_id;

/// The wheel that a callout belongs to, locked. The callout may be moved while we wait for the
/// lock, so look again once we have it (invariant 3).
class [[nodiscard]] Held {
public:
    explicit Held(const hart::Cell<u32>& hart) {
        for (;;) {
            u32 number = hart.peek();
            clock_ = &clocks[number];
            guard_.emplace(clock_->lock);
            if (hart.peek() == number)
                return;
            guard_.reset();
        }
    }
    Clock* operator->() const { return clock_; }
    Clock& operator*() const { return *clock_; }

private:
    Clock* clock_ = nullptr;
    std::optional<hart::SpinGuard> guard_;
};

Result found(bool was_pending, bool runs) {
    if (was_pending)
        return Result::cancelled;
    return runs ? Result::running : Result::not_pending;
}

} // namespace

constinit Callout* Callout::first_ = nullptr;

void Callout::init(const char* name) {
    ASSERT(id_ == trace::CalloutId::none); // initialised twice without destroy

    hart::SpinGuard guard(sched::lock);
    id_ = static_cast<trace::CalloutId>(last_id.add(1) + 1);
    name_ = name;
    hart_.set(hart::here());
    next_ = first_;
    first_ = this;
    trace::name(id_, name);
    trace::record(trace::CalloutInit{.callout = id_, .lock = trace::LockId::none, .fast = 0});
}

void Callout::destroy() {
    ASSERT(id_ != trace::CalloutId::none);
    Held clock(hart_);
    if (pending())
        hart::panic("callout_destroy: ", name_, " is pending");
    if (clock->running == this && clock->runner != arch::curlwp())
        hart::panic("callout_destroy: the function of ", name_, " is running");

    hart::SpinGuard guard(sched::lock);
    Callout** place = &first_;
    while (*place != this)
        place = &(*place)->next_;
    *place = next_;
    trace::record(trace::CalloutDestroy{.callout = id_});
    id_ = trace::CalloutId::none;
    function_ = nullptr;
}

Result Callout::reset(Ticks delta, Function function, void* argument) {
    ASSERT(function != nullptr);
    return arm(delta, function, argument);
}

Result Callout::schedule(Ticks delta) {
    return arm(delta, nullptr, nullptr);
}

Result Callout::arm(Ticks delta, Function function, void* argument) {
    ASSERT(id_ != trace::CalloutId::none);

    for (;;) {
        Held clock(hart_);
        bool runs = clock->running == this;
        if (!pending() && !runs && &*clock != &clocks[hart::here()]) {
            hart_.set(hart::here()); // (3): its new wheel may be locked only after this one is not
            continue;
        }
        bool was_pending = pending();
        if (was_pending)
            clock->wheel.remove(*this);
        if (function != nullptr) {
            function_ = function;
            argument_ = argument;
        }
        ASSERT(function_ != nullptr); // schedule before any reset
        due = clock->wheel.now() + (delta == 0 ? 1 : delta);
        clock->wheel.insert(*this);
        trace::record(trace::CalloutReset{.callout = id_,
                                          .on = hart::hart_id(hart_.peek()),
                                          .was_pending = was_pending,
                                          .due = due});
        return found(was_pending, runs);
    }
}

Result Callout::stop() {
    ASSERT(id_ != trace::CalloutId::none);
    Held clock(hart_);
    return cancel(*clock);
}

/// Off the wheel, if it is on it (its lock held).
Result Callout::cancel(Clock& clock) {
    bool was_pending = pending();
    if (was_pending)
        clock.wheel.remove(*this);
    Result result = found(was_pending, clock.running == this);
    trace::record(trace::CalloutStop{.callout = id_, .result = result});
    return result;
}

Result Callout::halt(sync::Mutex* interlock) {
    ASSERT(id_ != trace::CalloutId::none);
    if (!in_own_function())
        sched::assert_sleepable("callout_halt");

    Result first = stop();
    bool released = false;
    while (std::optional<Run> run = run_in_the_way()) {
        if (!released && interlock != nullptr) {
            interlock->exit(); // the function may want it
            released = true;
            continue;
        }
        wait_for_completion(*run);
    }
    if (released)
        interlock->enter();
    return first;
}

/// The current LWP is the one that runs this callout's function.
bool Callout::in_own_function() const {
    const Clock& clock = clocks[hart::here()]; // a softclock LWP stays on its hart
    return clock.running == this && clock.runner == arch::curlwp();
}

/// The run of this callout's function that another LWP is in the middle of. If there is none, the
/// callout is not pending either: functions commonly arm their callout again before they return, so
/// that is looked at under the same lock.
std::optional<Callout::Run> Callout::run_in_the_way() {
    Held clock(hart_);
    if (pending())
        cancel(*clock);
    if (clock->running != this || clock->runner == arch::curlwp())
        return std::nullopt;
    return Run{&*clock, clock->completions.peek()};
}

/// Sleeps until a function has returned on the run's hart, or does not if one has since.
void Callout::wait_for_completion(const Run& run) const {
    hart::SpinGuard guard(sched::lock);
    if (run.clock->completions.get() != run.completions)
        return;
    trace::record(trace::CalloutWait{.callout = id_, .runner = run.clock->runner->id()});
    run.clock->waiters.sleep("callout_halt");
}

void Callout::run_due(void* argument) {
    Clock& clock = *static_cast<Clock*>(argument);
    while (Callout* callout = take_due(clock)) {
        trace::CalloutId id = callout->id_; // the function may free the callout
        callout->function_(callout->argument_);
        complete(clock, id);
    }
}

Callout* Callout::take_due(Clock& clock) {
    hart::SpinGuard guard(clock.lock);
    Entry* entry = clock.wheel.take_due();
    if (entry == nullptr)
        return nullptr;
    Callout* callout = static_cast<Callout*>(entry);
    clock.running = callout; // clock.hpp (1)
    clock.runner = arch::curlwp();
    clock.runner->serving = callout->name_;
    trace::record(trace::CalloutEnter{.callout = callout->id_,
                                      .late = static_cast<u32>(clock.wheel.now() - callout->due),
                                      .tick = clock.wheel.now()});
    return callout;
}

void Callout::complete(Clock& clock, trace::CalloutId id) {
    {
        hart::SpinGuard guard(clock.lock);
        clock.running = nullptr;
        trace::record(trace::CalloutExit{.callout = id});
        clock.completions.add(1); // clock.hpp (2)
    }
    hart::SpinGuard guard(sched::lock);
    clock.waiters.wake_all(trace::WakeReason::callout_done);
}

} // namespace callout
