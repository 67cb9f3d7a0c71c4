// SPDX-License-Identifier: BSD-2-Clause
// The simulated interrupt controller: what the PLIC's specification says, where QEMU's is kinder.
// The completion of a line that is not enabled for this hart, or that this hart has not claimed, is
// ignored, and the line is dead from then on. Nothing is said about it: whoever wants to know
// checks (irq/controller.cpp). A line that is still high when its claim is given back asks again.
#include "arch/upcalls.hpp"
#include "state.hpp"
#include "store_buffer.hpp"

namespace arch {

namespace host {

namespace {

struct Line {
    bool high = false; // as its device drives it
    bool pending = false;
    bool enabled = false;
    bool claimed = false;
    unsigned hart = 0;
    unsigned claimed_by = 0;
    unsigned priority = 0;
    unsigned announced = 0; // times that it may fire by choice
    bool late = false;      // it is its device's signal that is under way
    unsigned age = 0;       // of such a signal, in jumps of the clock
};

constexpr unsigned oldest_signal = 4; // labs wait for longer

Line lines[max_lines];
unsigned thresholds[max_harts] = {};
u64 pending_lines = 0;   // a bit for each, so that looking is quick
u64 announced_lines = 0; // likewise

bool deliverable(const Line& line, unsigned hart) {
    return !line.claimed && line.enabled && line.hart == hart && line.priority > thresholds[hart];
}

Line& line_at(u32 number) {
    if (number == 0 || number >= max_lines)
        on_fault("the PLIC has no such line");
    return lines[number];
}

/// The most urgent line for a hart, the lowest number among equals; 0 if there is none.
u32 most_urgent(unsigned hart) {
    u32 best = 0;
    for (u64 rest = pending_lines; rest != 0; rest &= rest - 1) {
        u32 number = static_cast<u32>(__builtin_ctzll(rest));
        if (deliverable(lines[number], hart)
            && (best == 0 || lines[number].priority > lines[best].priority))
            best = number;
    }
    return best;
}

void set_pending(u32 number, bool pending) {
    line_at(number).pending = pending;
    u64 bit = u64{1} << number;
    pending_lines = pending ? pending_lines | bit : pending_lines & ~bit;
}

/// A device's signal reaches the PLIC now, or is announced and comes when the choices say so.
void signal(u32 number) {
    Line& line = lines[number];
    if (line.pending || line.late)
        return;
    if (simulation.machine.late_signals && line.enabled) {
        Point point;
        point.hart = simulation.running;
        point.place = Place::signal;
        point.access = Access::device;
        point.word = nullptr;
        point.offer(Act::line, number);
        point.offer(Act::late, number);
        if (simulation.machine.choices->pick(point) != 0) {
            line.late = true;
            line.age = 0;
            announce_line(number, 1);
            return;
        }
    }
    set_pending(number, true);
}

} // namespace

void raise_line(u32 line) {
    set_pending(line, true);
}

void drive_line(u32 number, bool high) {
    lines[number].high = high;
    if (high)
        signal(number);
}

void announce_line(u32 number, unsigned times) {
    Line& line = line_at(number);
    line.announced += times;
    if (line.announced != 0)
        announced_lines |= u64{1} << number;
}

bool offer_announced(Point& point) {
    for (u64 rest = announced_lines; rest != 0; rest &= rest - 1)
        point.offer(Act::line, static_cast<unsigned>(__builtin_ctzll(rest)));
    return announced_lines != 0;
}

void fire_announced(u32 number) {
    Line& line = line_at(number);
    if (--line.announced == 0)
        announced_lines &= ~(u64{1} << number);
    bool was_late = line.late;
    line.late = false;
    if (!was_late || line.high) // a signal that has gone away meanwhile does not arrive
        set_pending(number, true);
}

void age_signals() {
    for (u64 rest = announced_lines; rest != 0; rest &= rest - 1) {
        u32 number = static_cast<u32>(__builtin_ctzll(rest));
        if (lines[number].late && ++lines[number].age > oldest_signal)
            fire_announced(number);
    }
}

bool plic_pending(unsigned hart) {
    return pending_lines != 0 && most_urgent(hart) != 0;
}

} // namespace host

using namespace host;

u32 line_claim() {
    stand_before(Access::device, lines);
    unsigned hart = running_hart();
    u32 number = most_urgent(hart);
    if (number != 0) {
        set_pending(number, false);
        lines[number].claimed = true;
        lines[number].claimed_by = hart;
    }
    return number;
}

void line_complete(u32 number) {
    stand_before(Access::device, lines);
    host::Line& line = line_at(number);
    if (!line.claimed || line.claimed_by != running_hart() || !line.enabled
        || line.hart != running_hart())
        return; // the completion is lost
    line.claimed = false;
    if (line.high)
        signal(number);
}

void line_enable(u32 number, unsigned hart, unsigned priority, bool enabled) {
    stand_before(Access::device, lines);
    host::Line& line = line_at(number);
    line.enabled = enabled;
    line.hart = hart;
    line.priority = priority;
}

void line_threshold(unsigned priority) {
    stand_before(Access::own, nullptr);
    thresholds[running_hart()] = priority;
}

} // namespace arch
