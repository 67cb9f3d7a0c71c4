// SPDX-License-Identifier: BSD-2-Clause
// When who moves, and when time passes.
#include "arch/upcalls.hpp"
#include "state.hpp"

namespace arch::host {

Simulation simulation;

namespace {

constexpr u64 steps_of_relax = 20; // towards patience: it waits for others

u64 nearest_deadline() {
    u64 nearest = device_deadline();
    for (unsigned number = 0; number < simulation.machine.harts; number++)
        if (simulation.harts[number].started && simulation.harts[number].deadline < nearest)
            nearest = simulation.harts[number].deadline;
    return nearest;
}

void jump_to(u64 deadline) {
    simulation.restless = 0;
    if (deadline > clock())
        simulation.jumped += deadline - clock();
    age_signals();
    ring_alarms();
}

bool timer_pending(const SimulatedHart& hart) {
    return clock() >= hart.deadline;
}

bool has_interrupt(unsigned number) {
    const SimulatedHart& hart = simulation.harts[number];
    return hart.ipi || timer_pending(hart) || plic_pending(number);
}

bool can_move(unsigned number) {
    const SimulatedHart& hart = simulation.harts[number];
    return hart.started && (!hart.waiting || has_interrupt(number));
}

void move(unsigned next) {
    SimulatedHart& from = mover();
    from.at.bounds = from.stack;
    simulation.running = next;
    jump(from.at, simulation.harts[next].at);
    // Some hart has chosen us again, and has set `running` to say so.
}

/// The harts after this one, round about, that can move.
void offer_movers(Point& point) {
    for (unsigned turn = 1; turn < simulation.machine.harts; turn++)
        if (unsigned number = (simulation.running + turn) % simulation.machine.harts;
            can_move(number))
            point.offer(Act::hart, number);
}

void offer_drains(Point& point) {
    for (unsigned number = 0; number < simulation.machine.harts; number++)
        if (has_held_stores(number))
            point.offer(Act::drain, number);
}

/// A hart that waits for another in a loop is told of even if there is no choice: whoever prefers
/// this hart to that one must learn that it gets nowhere (PCT).
unsigned pick(const Point& point) {
    bool told = point.count > 1 || point.place == Place::access || point.place == Place::relaxes;
    return told ? simulation.machine.choices->pick(point) : 0;
}

Point here(Place place, Access access = Access::none, const void* word = nullptr) {
    Point point;
    point.hart = simulation.running;
    point.place = place;
    point.access = access;
    point.word = word;
    return point;
}

void perform(Option option) {
    switch (option.act) {
    case Act::hart:
        move(option.number);
        break;
    case Act::line:
        fire_announced(option.number);
        break;
    case Act::tick:
        jump_to(nearest_deadline());
        break;
    case Act::drain:
        drain_one_store(option.number);
        break;
    case Act::go_on:
    case Act::late:
        break;
    }
}

/// Counts, and sees to it that nobody keeps the machine for ever.
void count_steps(u64 count) {
    simulation.steps += count;
    if (simulation.steps >= simulation.machine.step_limit)
        end(status_livelock);
    simulation.restless += count;
    if (simulation.machine.steps_per_tick != 0)
        ring_alarms();
}

bool is_out_of_patience() {
    return simulation.machine.patience != 0 && simulation.restless >= simulation.machine.patience;
}

/// Lets another hart move, if one can.
void give_way() {
    Point point = here(Place::relaxes);
    offer_movers(point);
    if (point.count != 0)
        perform(point.options[pick(point)]);
}

/// Everybody waits: what is announced happens, or time passes.
void wake_somebody() {
    Point point = here(Place::all_wait);
    if (offer_announced(point))
        return perform(point.options[pick(point)]);
    u64 deadline = nearest_deadline();
    if (deadline == ~u64{0})
        end(status_deadlock);
    if (simulation.machine.idle_limit != 0
        && ++simulation.idle_jumps > simulation.machine.idle_limit)
        end(status_deadlock);
    jump_to(deadline);
}

} // namespace

u64 clock() {
    u64 per_tick = simulation.machine.steps_per_tick;
    return simulation.jumped + (per_tick != 0 ? simulation.steps / per_tick : 0);
}

void end(u32 status) {
    simulation.status = status;
    mover().at.bounds = mover().stack;
    jump(mover().at, simulation.outside);
    __builtin_trap();
}

void take_interrupts() {
    while (mover().irq_enabled && has_interrupt(simulation.running)) {
        mover().irq_enabled = false;
        if (mover().ipi) {
            mover().ipi = false;
            on_ipi();
        } else if (timer_pending(mover())) {
            on_timer();
        } else {
            on_external_interrupt();
        }
        mover().irq_enabled = true;
    }
}

// A hart that comes back stands where it stood, and may be left there again.
void step(Access access, const void* word, const void* other) {
    Option chosen;
    do {
        count_steps(1);
        if (is_out_of_patience()) {
            jump_to(nearest_deadline());
            give_way();
        }
        take_interrupts();
        Point point = here(Place::access, access, word);
        point.other = other;
        point.offer(Act::go_on, simulation.running);
        offer_movers(point);
        offer_announced(point);
        if (simulation.machine.ticks_strike)
            point.offer(Act::tick, 0);
        if (simulation.machine.delayed_stores)
            offer_drains(point);
        chosen = point.options[pick(point)];
        perform(chosen);
    } while (chosen.act != Act::go_on);
}

unsigned running_hart() {
    return simulation.running;
}

void set_step_limit(u64 steps) {
    simulation.machine.step_limit = steps;
}

u64 steps_made() {
    return simulation.steps;
}

} // namespace arch::host

namespace arch {

using namespace host;

void wait() {
    drain_stores(simulation.running);
    count_steps(1);
    mover().waiting = true;
    while (!has_interrupt(simulation.running)) {
        Point point = here(Place::waits);
        offer_movers(point);
        if (point.count == 0)
            wake_somebody();
        else
            perform(point.options[pick(point)]);
    }
    mover().waiting = false;
}

void relax() {
    drain_stores(simulation.running);
    count_steps(simulation.machine.patience != 0 ? steps_of_relax : 1);
    if (is_out_of_patience())
        jump_to(nearest_deadline());
    give_way();
    take_interrupts();
}

void preemption_point() {
    if (mover().started)
        step(Access::unknown, nullptr, nullptr);
}

} // namespace arch
