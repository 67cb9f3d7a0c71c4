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
/// QEMU with -icount runs the harts one after the other, and changes over when one of them waits,
/// pauses or arms its timer. A hart whose tick came due while another had the turn arms its timer
/// as soon as it gets the turn itself, and so loses it before it has come to anything else; the
/// other, which always meets its own tick in time, keeps it for ever. So whoever is on time pauses
/// once more, and whoever is late does not. On real harts a pause is nothing.
void take_turns(bool late) {
    if (!late && hart::hart_count > 1)
        arch::relax();
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

    bool late = now() - clock.next_tick > tick_interval() / 8;
    self.in_timer = true;
    trace::record(trace::TimerEnter{.victim = victim});
    for (; now() >= clock.next_tick; clock.next_tick += tick_interval())
        hardclock(clock);
    set_deadline(clock.next_tick);
    take_turns(late);
    serve_trace();
    trace::record(trace::TimerExit{.victim = victim});
    self.in_timer = false;
    hart::settle_if_owed();
}

} // namespace arch
