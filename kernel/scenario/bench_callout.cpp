// SPDX-License-Identifier: BSD-2-Clause
#include "scenario/bench_callout.hpp"

#include "arch/upcalls.hpp"
#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "hart/panic.hpp"
#include "scenario/scenario.hpp"
#include "trace/emit.hpp"

namespace scenario {

namespace {

using callout::Callout;
using callout::Speed;

constexpr unsigned samples = times(200, 4);
constexpr u64 far_ahead = 100'000; // ticks: three levels up, and never due in here
constexpr unsigned most = times(10'000, 40);

constinit Callout subject[2] = {};
constinit Callout crowd[most] = {};
constinit u64 entered = 0;
constinit hart::Cell<u32> calls;

void note_entry(void*) {
    entered = arch::instructions();
    calls.add(1);
}

u64 smallest(auto&& measured) {
    u64 least = ~u64{0};
    for (unsigned i = 0; i < samples; i++) {
        u64 cost = measured();
        least = cost < least ? cost : least;
    }
    return least;
}

u64 instructions_of(auto&& operation) {
    u64 before = arch::instructions();
    operation();
    return arch::instructions() - before;
}

u64 overhead() {
    return smallest([] { return instructions_of([] {}); });
}

Callout& subject_of(Speed speed) {
    Callout& callout = subject[static_cast<u8>(speed)];
    if (callout.id() == trace::CalloutId::none) {
        callout.init(speed == Speed::fast ? "bench, fast" : "bench, slow", speed);
        static_cast<void>(callout.reset(far_ahead, note_entry, nullptr));
    }
    return callout;
}

/// A timer interrupt, by hand: what hardclock and softclock do at a tick comes with it, but for the
/// trap itself. The machine's own tick is put off by as much as we are ahead.
void tick() {
    u64 saved = arch::irq_save();
    callout::Clock& clock = callout::clocks[hart::here()];
    u64 deadline = clock.next_tick;
    clock.next_tick = arch::now();
    arch::on_timer();
    clock.next_tick = deadline;
    arch::set_deadline(deadline);
    arch::irq_restore(saved);
}

u64 fire(Speed speed) {
    Callout& callout = subject_of(speed);
    u64 least = smallest([&] {
        u32 called = calls.get();
        static_cast<void>(callout.reset(1, note_entry, nullptr));
        u64 before = arch::instructions();
        tick();
        while (calls.get() == called)
            arch::relax();
        return entered - before;
    });
    static_cast<void>(callout.reset(far_ahead, note_entry, nullptr));
    return least - overhead();
}

/// With `count` of the crowd pending, spread over the levels of the wheel.
u64 tick_with(unsigned count) {
    u32 groups = trace::mask();
    trace::set_mask(0); // ten thousand names and places are not what is measured
    for (unsigned i = 0; i < count; i++) {
        if (crowd[i].id() == trace::CalloutId::none)
            crowd[i].init("crowd");
        static_cast<void>(crowd[i].reset(far_ahead + i * 7, note_entry, nullptr));
    }
    trace::set_mask(groups);
    u64 least = smallest([] { return instructions_of(tick); }) - overhead();
    trace::set_mask(0);
    for (unsigned i = 0; i < count; i++)
        static_cast<void>(crowd[i].stop());
    trace::set_mask(groups);
    return least;
}

} // namespace

u64 callout_reset_again() {
    Callout& callout = subject_of(Speed::slow);
    return smallest([&] {
               return instructions_of([&] { static_cast<void>(callout.schedule(far_ahead)); });
           })
           - overhead();
}

u64 callout_stop_and_reset() {
    Callout& callout = subject_of(Speed::slow);
    return smallest([&] {
               return instructions_of([&] {
                   static_cast<void>(callout.stop());
                   static_cast<void>(callout.schedule(far_ahead));
               });
           })
           - overhead();
}

u64 callout_fire_slow() {
    return fire(Speed::slow);
}
u64 callout_fire_fast() {
    return fire(Speed::fast);
}
u64 tick_with_0() {
    return tick_with(0);
}
u64 tick_with_10() {
    return tick_with(10);
}
u64 tick_with_10000() {
    return tick_with(most);
}

} // namespace scenario
