// SPDX-License-Identifier: BSD-2-Clause
// hardclock and softclock: see clock.hpp.
#include "callout/clock.hpp"

#include "arch/upcalls.hpp"
#include "sched/sched.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"

namespace callout {

constinit Clock clocks[arch::max_harts];
constinit u32 hz = 100;

namespace {

constexpr const char* softclock_names[arch::max_harts] = {
    "softclock/0", "softclock/1", "softclock/2", "softclock/3",
    "softclock/4", "softclock/5", "softclock/6", "softclock/7",
};

constexpr const char* waiters_names[arch::max_harts] = {
    "callout_halt/0", "callout_halt/1", "callout_halt/2", "callout_halt/3",
    "callout_halt/4", "callout_halt/5", "callout_halt/6", "callout_halt/7",
};

u64 tick_interval() {
    return arch::timebase() / hz;
}

/// One tick of this hart (masked, in the timer interrupt).
void hardclock(Clock& clock) {
    bool due;
    {
        hart::SpinGuard guard(clock.lock);
        due = clock.wheel.turn();
        trace::record(trace::Tick{.count = static_cast<u32>(clock.wheel.now())});
    }
    if (due)
        clock.softclock.schedule();
    sched::tick();
}

} // namespace

void start() {
    unsigned here = hart::here();
    Clock& clock = clocks[here];
    clock.waiters.init(waiters_names[here]);
    clock.softclock.establish(softclock_names[here], hart::ipl::softclock, Callout::run_due,
                              &clock);
    clock.next_tick = arch::now() + tick_interval();
    arch::set_deadline(clock.next_tick);
}

Ticks ticks() {
    return clocks[hart::here()].wheel.now();
}

} // namespace callout

namespace arch {

void on_timer() {
    using namespace callout;
    hart::Hart& self = hart::self();
    Clock& clock = clocks[hart::here()];
    trace::LwpId victim = curlwp()->id();

    self.in_timer = true;
    trace::record(trace::TimerEnter{.victim = victim});
    for (; now() >= clock.next_tick; clock.next_tick += tick_interval())
        hardclock(clock);
    set_deadline(clock.next_tick);
    trace::flush_if_old();
    trace::record(trace::TimerExit{.victim = victim});
    self.in_timer = false;
    hart::settle();
}

} // namespace arch
