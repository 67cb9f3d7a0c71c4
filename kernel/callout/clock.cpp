// SPDX-License-Identifier: BSD-2-Clause
// hardclock: see clock.hpp.
#include "callout/clock.hpp"

#include "arch/upcalls.hpp"
#include "callout/callout.hpp"
#include "callout/deadlock.hpp"
#include "hart/panic.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"
#include "trace/control.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"

#include <utility>

namespace callout {

namespace {

/// A quarter of a megabyte of empty buckets. They are no members of the clocks, which are not empty
/// to begin with, so that the kernel's image need not contain them.
struct Wheels {
    Wheel slow, fast;
};
constinit Wheels wheels[arch::max_harts];

template <usize... Hart>
constexpr std::array<Clock, sizeof...(Hart)> with_wheels(std::index_sequence<Hart...>) {
    return {{{wheels[Hart].slow, wheels[Hart].fast}...}};
}

} // namespace

constinit std::array<Clock, arch::max_harts> clocks =
    with_wheels(std::make_index_sequence<arch::max_harts>());
constinit u32 hz = 100;
constinit Ticks first_tick = 0;

namespace {

constexpr const char* softclock_names[arch::max_harts] = {
    "softclock/0", "softclock/1", "softclock/2", "softclock/3",
    "softclock/4", "softclock/5", "softclock/6", "softclock/7",
};
constexpr const char* slow_names[arch::max_harts] = {
    "callout/0", "callout/1", "callout/2", "callout/3",
    "callout/4", "callout/5", "callout/6", "callout/7",
};
constexpr const char* fast_names[arch::max_harts] = {
    "fast callout/0", "fast callout/1", "fast callout/2", "fast callout/3",
    "fast callout/4", "fast callout/5", "fast callout/6", "fast callout/7",
};

u64 tick_interval() {
    return arch::timebase() / hz;
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

void run_slow(void* clock) {
    auto& here = *static_cast<Clock*>(clock);
    Callout::run_due(here, here.slow);
}

/// One tick of this hart (masked, in the timer interrupt).
void hardclock(Clock& clock) {
    bool slow_due, fast_due, awaited;
    {
        hart::SpinGuard guard(clock.lock);
        slow_due = clock.slow.wheel.turn();
        fast_due = clock.fast.wheel.turn();
        awaited = clock.slow.awaited;
        trace::record(trace::Tick{.count = static_cast<u32>(clock.now())});
    }
    if (slow_due)
        clock.softclock.schedule();
    if (fast_due)
        Callout::run_due(clock, clock.fast);
    if (awaited)
        look_for_circle(clock.slow);
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

void set_up(Executor& executor, const char* name, Ticks now) {
    constexpr u64 limits_per_second = 500; // a function may take 2 ms
    executor.wheel.start_at(now);
    executor.waiters.init(name);
    executor.limit = arch::timebase() / limits_per_second;
}

} // namespace

void start() {
    unsigned here = hart::here();
    Clock& clock = clocks[here];
    u64 interval = tick_interval();
    u64 intervals = arch::now() / interval;
    set_up(clock.slow, slow_names[here], first_tick + intervals);
    set_up(clock.fast, fast_names[here], first_tick + intervals);
    clock.softclock.establish(softclock_names[here], hart::ipl::softclock, run_slow, &clock);
    clock.next_tick = (intervals + 1) * interval + interval * here / hart::hart_count;
    arch::set_deadline(clock.next_tick);
}

Ticks ticks() {
    return clocks[hart::here()].now();
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
    irq::tick();
    set_deadline(clock.next_tick);
    take_turns(late);
    serve_trace();
    trace::record(trace::TimerExit{.victim = victim});
    self.in_timer = false;
    hart::settle_if_owed();
}

} // namespace arch
