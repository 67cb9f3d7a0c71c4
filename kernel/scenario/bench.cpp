// SPDX-License-Identifier: BSD-2-Clause
// What things cost, in instructions of this hart.
//
// Under -icount shift=0 on QEMU 7.2 the instruction counter is exact while the hart does not idle,
// so a figure is a fact of the code and not of the host. Each is the smallest of many samples, less
// the cost of reading the counter: a sample that a clock tick or a full packet fell into does not
// count. No figure passes or fails; design/kernel.md says what the goals are.
//
// Every cost is taken twice, with the trace filtered off and with the usual classes of events on.
//
// Everything is measured on hart 0, which the alarm interrupts and where the partners are at home.
// With several harts QEMU counts the instructions of all: the figures are those of one hart then,
// if the others have nothing to do. What is promised is that what is measured did happen.
#include "hart/panic.hpp"
#include "hart/print.hpp"
#include "irq/controller.hpp"
#include "irq/irq.hpp"
#include "scenario/bench_callout.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "trace/emit.hpp"

/// The two paths that docs/what-a-lock-costs.md shows, each in a function of its own.
extern "C" void specimen_mutex_enter(sync::Mutex& mutex) {
    mutex.enter();
}
extern "C" void specimen_mutex_exit(sync::Mutex& mutex) {
    mutex.exit();
}

namespace scenario {

namespace {

constexpr unsigned samples = times(400, 4);
constexpr u64 no_sample = ~u64{0};

constinit u64 overhead = 0; // of two readings of the counter

class Smallest {
public:
    void add(u64 instructions) { value_ = instructions < value_ ? instructions : value_; }
    [[nodiscard]] u64 get() const { return value_ > overhead ? value_ - overhead : 0; }

private:
    u64 value_ = no_sample;
};

u64 cost(auto&& operation) {
    Smallest smallest;
    for (unsigned i = 0; i < samples; i++) {
        u64 before = arch::instructions();
        operation();
        smallest.add(arch::instructions() - before);
    }
    return smallest.get();
}

// ---- locks and events ---------------------------------------------------------------------------

constinit sync::Mutex mutex;

u64 mutex_pair() {
    return cost([] {
        mutex.enter();
        mutex.exit();
    });
}

u64 one_event() {
    return cost([] { trace::record(trace::Tick{.count = 1}); });
}

/// The function that all events share, without filling in the event and asking the mask.
u64 emit_alone() {
    return cost([] { trace::trace_emit(trace::id_of<trace::Tick>, 0, 0); });
}

// ---- from one LWP to another --------------------------------------------------------------------

/// Two LWPs that hand something to and fro; the other one ends when `going` is false.
struct Pair {
    bool going = true;
    bool gone = false;
    void (*pass)() = nullptr;
    u64 left_at = 0;
    Smallest one_way;
    sync::Mutex lock;
    sync::Condition turn_changed;
    u32 turn = 0;
};
constinit Pair pair;

/// How an LWP passes the hart to its partner. The partner adds up when it arrives.
void pass_by_yield() {
    pair.left_at = arch::instructions();
    sched::yield();
    pair.one_way.add(arch::instructions() - pair.left_at);
}
/// As yield(), without looking whether there is anybody: the partner is in this hart's queue.
void pass_by_mi_switch() {
    hart::SpinGuard guard(sched::lock);
    sched::put_back(sched::Place::tail);
    pair.left_at = arch::instructions();
    sched::mi_switch(sched::SwitchReason::yielded);
    pair.one_way.add(arch::instructions() - pair.left_at);
}

u64 one_way(void (*pass)()) {
    pair.going = true;
    pair.gone = false;
    pair.one_way = {};
    pair.pass = pass;
    auto partner = [](void*) {
        while (pair.going)
            pair.pass();
        pair.gone = true;
    };
    sched::spawn({.name = "partner", .home = hart::hart_id(0)}, partner, nullptr);
    for (unsigned i = 0; i < samples; i++)
        pass();
    pair.going = false;
    while (!pair.gone)
        sched::yield();
    return pair.one_way.get();
}
u64 yield_one_way() {
    return one_way(pass_by_yield);
}
u64 switch_one_way() {
    return one_way(pass_by_mi_switch);
}

/// Wakes the other one and sleeps until it has done the same.
void take_turn(u32 mine) {
    sync::MutexGuard guard(pair.lock);
    while (pair.turn % 2 != mine)
        pair.turn_changed.wait(pair.lock);
    pair.turn++;
    pair.turn_changed.signal();
}

void answer_turns(void*) {
    for (unsigned i = 0; i <= samples; i++)
        take_turn(1);
    pair.gone = true;
}

u64 sleep_and_wake() {
    pair.gone = false;
    pair.turn = 0;
    sched::spawn({.name = "partner", .home = hart::hart_id(0)}, answer_turns, nullptr);
    take_turn(0);
    u64 round_trip = cost([] { take_turn(0); });
    while (!pair.gone)
        sched::yield();
    check("every turn was taken", pair.turn == 2 * (samples + 1), pair.turn);
    return round_trip;
}

// ---- interrupts ---------------------------------------------------------------------------------

/// The alarm of the goldfish clock, driven by hand: an alarm in the past interrupts at once.
struct Alarm {
    u64 base = 0;
    u64 entered = 0, left = 0;
    hart::Cell<u32> rung = {}; // as often as the handler was there

    void put(usize offset, u32 value) const { arch::write<u32>(base + offset, value); }
    void ring() const {
        put(0x0c, 0);
        put(0x08, 0);
    }
    void quiet() const { put(0x1c, 1); }
};
constinit Alarm alarm;

irq::Served on_alarm(void*) {
    alarm.entered = arch::instructions();
    alarm.quiet();
    alarm.rung.add(1);
    alarm.left = arch::instructions();
    return irq::Served::yes;
}

constinit irq::Handler alarm_handler{
    .name = "rtc0", .line = {}, .level = hart::ipl::audio, .function = on_alarm};

bool attach_alarm() {
    arch::Device device;
    if (!arch::find_device("google,goldfish-rtc", 0, device))
        return false;
    alarm.base = device.base;
    alarm_handler.line = static_cast<trace::LineId>(device.line);
    irq::attach(alarm_handler);
    alarm.put(0x10, 1);
    return true;
}

/// From the interrupted instruction to the handler's first, and from its last back.
u64 whole_interrupt() {
    Smallest path;
    u32 rung = alarm.rung.get();
    for (unsigned i = 0; i < samples; i++) {
        u64 saved = arch::irq_save();
        alarm.ring();
        u64 before = arch::instructions();
        arch::irq_restore(saved);
        u64 after = arch::instructions();
        while (alarm.rung.get() == rung + i)
            arch::relax();
        path.add(alarm.entered - before + after - alarm.left - overhead);
    }
    rung = alarm.rung.get() - rung;
    check("every alarm interrupted once", rung == samples, rung);
    return path.get();
}

u64 claim_and_complete() {
    Smallest both;
    for (unsigned i = 0; i < samples; i++) {
        u64 saved = arch::irq_save();
        alarm.ring();
        u64 before = arch::instructions();
        u32 line = irq::controller::claim();
        u64 claimed = arch::instructions();
        alarm.quiet();
        if (line != 0) { // it has reached the controller
            u64 quieted = arch::instructions();
            irq::controller::complete(line);
            both.add(claimed - before + arch::instructions() - quieted - overhead);
        }
        arch::irq_restore(saved);
    }
    return both.get();
}

/// The least that a device interrupt can cost on this machine: a trap that finds nothing to do, and
/// claim and completion of a line. relax() interrupts its own hart, as soon as it may.
u64 bare_interrupt() {
    u64 saved = arch::irq_save();
    u64 masked = cost([] { arch::relax(); });
    arch::irq_restore(saved);
    u64 with_trap = cost([] { arch::relax(); });
    return with_trap - masked + claim_and_complete();
}

// ---- the table ----------------------------------------------------------------------------------

struct Figure {
    const char* name;
    u64 (*measure)();
    const char* goal;
};

constexpr Figure figures[] = {
    {"mutex enter + exit, uncontended", mutex_pair, "16 / 60"},
    {"one event, with its call site", one_event, "3 / -"},
    {"trace_emit alone", emit_alone, "24"},
    {"mi_switch between two LWPs, one way", switch_one_way, "120 / 160"},
    {"yield to another LWP, one way", yield_one_way, "-"},
    {"sleep and wake-up, round trip", sleep_and_wake, "1500"},
    {"interrupt, to the handler and back", whole_interrupt, "-"},
    {"interrupt, bare: trap, claim, complete", bare_interrupt, "138"},
    {"callout_reset of a pending one", callout_reset_again, "-"},
    {"callout_stop and callout_reset", callout_stop_and_reset, "-"},
    {"callout, slow: from the tick to the function", callout_fire_slow, "-"},
    {"callout, fast: from the tick to the function", callout_fire_fast, "-"},
    {"a tick with no callout pending", tick_with_0, "-"},
    {"a tick with 10 callouts pending", tick_with_10, "as with none"},
    {"a tick with 10 000 callouts pending", tick_with_10000, "as with none"},
};

void print_row(const auto& name, const auto& off, const auto& on, const char* goal) {
    lib::Line line;
    line.add("  ", name);
    line.pad_to(50);
    line.add(off);
    line.pad_to(60);
    line.add(on);
    line.pad_to(70);
    line.add(goal);
    hart::print(line);
}

void calibrate() {
    overhead = 0;
    overhead = cost([] {});
}

/// Bound to hart 0.
void measure_all(void*) {
    check("there is an alarm clock", attach_alarm());
    mutex.init("bench");
    pair.lock.init("turn");
    pair.turn_changed.init("turn changed");
    calibrate();

    u32 usual = trace::mask();
    print_row("guest instructions", "trace off", "on", "goal (off / on)");
    for (const Figure& figure : figures) {
        trace::set_mask(0);
        u64 off = figure.measure();
        trace::set_mask(usual);
        u64 on = figure.measure();
        print_row(figure.name, off, on, figure.goal);
    }
}

} // namespace

void bench() {
    sched::join(sched::spawn({.name = "bench", .home = hart::hart_id(0), .joinable = true},
                             measure_all, nullptr));
}

} // namespace scenario
