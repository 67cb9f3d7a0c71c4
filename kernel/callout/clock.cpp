// SPDX-License-Identifier: BSD-2-Clause
// hardclock and softclock: see clock.hpp.
#include "callout/clock.hpp"

#include "arch/upcalls.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/control.hpp"
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

/// Harts tick in turn, each at its own part of the interval, so that they do not all want
/// sched::lock at the same instant.
u64 first_tick(unsigned here) {
    u64 interval = tick_interval();
    u64 share = interval * here / hart::hart_count;
    return (arch::now() / interval + 1) * interval + share;
}

/// Lets another hart go first, on a machine that has fewer processors than harts.
///
/// QEMU with -icount runs the harts one after the other. It changes over when one of them waits or
/// arms the timer that is due next, and begins with hart 0 again whenever a timer expires. So a
/// hart that has to arm its timer as soon as it gets its turn, because its tick is overdue, would
/// never come to anything else. So each passes the turn on once per tick, except for one, another
/// each time.
void take_turns(const Clock& clock) {
    if ((clock.wheel.now() + hart::here()) % hart::hart_count == 0)
        return;
    arch::relax(); // ends the turn that arming the timer has cut short already
    arch::relax(); // and the one after it
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

/// What the trace wants done at every tick: nothing of it is the workload's.
void serve_trace() {
    trace::flush_if_old();
    if (hart::here() != 0)
        return;
    trace::serve_control(hart::shut_down);
    if (trace::snapshot_wanted())
        hart::self().owed.set_bits(hart::owed_story);
}

} // namespace

void start() {
    unsigned here = hart::here();
    Clock& clock = clocks[here];
    clock.waiters.init(waiters_names[here]);
    clock.softclock.establish(softclock_names[here], hart::ipl::softclock, Callout::run_due,
                              &clock);
    clock.next_tick = first_tick(here);
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
    take_turns(clock);
    serve_trace();
    trace::record(trace::TimerExit{.victim = victim});
    self.in_timer = false;
    hart::settle_if_owed();
}

} // namespace arch
