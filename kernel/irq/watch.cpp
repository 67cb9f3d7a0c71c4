// SPDX-License-Identifier: BSD-2-Clause
// What is watched about lines and their handlers, and what is done about it.
//
//   nobody owns the interrupt        counted; after a few in a row the line is disabled
//   more than storm_limit in a tick  the claim is kept until the next tick: that is mask enough
//   a level's LWPs are all blocked   RunOut; if that lasts, a report of who waits for whom (S3.18)
//   a handler runs for long          a report, the next one at twice the time (S5.14)
//   handlers block often             a report, the next one at twice the count (S5.6)
//
// Everything is measured in interrupts and in ticks of the hart, nothing by a wall clock.
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "hart/spl.hpp"
#include "irq/line.hpp"
#include "sched/sched.hpp"
#include "sync/turnstile.hpp"
#include "trace/emit.hpp"

namespace irq {

using sched::Lwp;
using trace::ReportKind;

constinit u32 storm_limit = 1000;

namespace {

constexpr u32 stray_limit = 10; // in a row

bool is_power_of_two(u32 number) {
    return (number & (number - 1)) == 0;
}

// ---- strays and storms --------------------------------------------------------------------------

/// Nobody knew the interrupt. True: it has happened too often.
bool note_stray(Line& line) {
    line.strays++;
    line.strays_in_a_row++;
    trace::record(trace::LineStray{.line = id_of(line), .count = line.strays_in_a_row});
    if (line.strays_in_a_row < stray_limit)
        return false;
    lib::Line who;
    for (Handler* one = line.handlers.front(); one != nullptr; one = line.handlers.next(*one))
        who.add(one == line.handlers.front() ? "" : ", ", one->name);
    hart::report(ReportKind::storm, line.name, " is disabled: of ", line.strays_in_a_row,
                 " interrupts in a row none belonged to its handlers, ", who);
    return true;
}

void hold_back(Line& line) {
    line.held_back = true;
    line.storms++;
    line_hart().held_back.push_back(line); // line.hpp (1)
    trace::record(trace::LineThrottle{.line = id_of(line), .on = 1, .interrupts = line.in_tick});
    if (is_power_of_two(line.storms))
        hart::report(ReportKind::storm, line.name, " is held back until the next tick of hart ",
                     hart::here(), ": it interrupted ", line.in_tick, " times within this one");
}

void let_go(Line& line) {
    line.held_back = false;
    trace::record(trace::LineThrottle{.line = id_of(line), .on = 0, .interrupts = line.in_tick});
    complete(line);
}

// ---- levels that are out of LWPs ----------------------------------------------------------------

/// "intr.serial/0, in uart0, waits for buffer, which reader has".
void add_waiter(lib::Line& text, const Lwp& lwp) {
    if (lwp.blocked_in == nullptr)
        return;
    text.add("; ", lwp.name, ", in ", lwp.serving, ", waits for ", lwp.blocked_in->lock->name);
    if (const Lwp* owner = lwp.blocked_in->owner; owner != nullptr)
        text.add(", which ", owner->name, " has");
}

/// LWPs of a level on this hart that wait for a lock. (sched::lock held)
u32 count_blocked(const LineLevel& here) {
    u32 count = 0;
    for (unsigned i = 0; i < pool_size; i++)
        count += here.lwps[i] != nullptr && here.lwps[i]->state.peek() == sched::LwpState::blocked;
    return count;
}

void report_run_out(Level level) {
    LineLevel& here = level_of(hart::here(), level);
    lib::Line text;
    text.add("level ", hart::ipl::names[level], " of hart ", hart::here(), " is held up for ",
             here.out_ticks, " ticks:");
    for (Line* line = here.deferred.front(); line != nullptr; line = here.deferred.next(*line))
        text.add(" ", line->name);
    text.add(here.deferred.next(*here.deferred.front()) != nullptr ? " wait" : " waits",
             ", masked");
    {
        hart::SpinGuard guard(sched::lock);
        for (Level above = level; above <= hart::ipl::last_line; above++)
            for (Lwp* lwp : level_of(hart::here(), above).lwps)
                if (lwp != nullptr && (above == level || above <= hart::self().base_level))
                    add_waiter(text, *lwp);
    }
    hart::report(ReportKind::run_out, text);
}

/// A line that waits for blocked handlers, not for the level of whoever runs.
void watch_level(Level level) {
    LineLevel& here = level_of(hart::here(), level);
    Line* first = here.deferred.front();
    bool held_up = first != nullptr
                   && ((needs_pool(*first) && here.free == 0 && here.blocked != 0)
                       || level <= hart::self().base_level);
    here.out_ticks = held_up ? here.out_ticks + 1 : 0;
    if (here.out_ticks < here.out_limit)
        return;
    here.out_limit *= 2;
    report_run_out(level);
}

} // namespace

void note_interrupt(Line& line) {
    line.interrupts++;
    if (line.tick != line_hart().ticks) {
        line.tick = line_hart().ticks;
        line.in_tick = 0;
    }
    line.in_tick++;
}

void release(Line& line, Served served) {
    bool disable = served == Served::no && note_stray(line);
    if (served == Served::yes)
        line.strays_in_a_row = 0;
    if (!disable && line.in_tick > storm_limit && line.tick == line_hart().ticks)
        hold_back(line);
    else
        complete(line, disable);
}

void say_run_out(Line& line) {
    if (line.run_out_said)
        return;
    line.run_out_said = true;
    hart::SpinGuard guard(sched::lock);
    trace::record(trace::RunOut{.line = id_of(line),
                                .level = line.level,
                                .blocked = count_blocked(level_of(hart::here(), line.level))});
}

void note_time(Line& line, const char* handler, u32 ticks) {
    if (ticks < line.slow_limit)
        return;
    hart::report(ReportKind::slow_function, "the handler ", handler, " of ", line.name,
                 " ran through ", ticks, " ticks of hart ", hart::here());
    while (line.slow_limit <= ticks)
        line.slow_limit *= 2;
}

void note_blocked(Line& line) {
    line.blocked++;
    if (line.interrupts < line.blocked_limit || line.blocked * 2 < line.interrupts)
        return;
    line.blocked_limit = static_cast<u32>(line.interrupts) * 2;
    hart::report(ReportKind::slow_function, "handlers of ", line.name, " blocked in ", line.blocked,
                 " of ", line.interrupts, " interrupts");
}

void update_base_level() {
    if (hart::interrupts.mask != hart::Mask::level)
        return;
    Level base = hart::ipl::none;
    for (Level level = hart::ipl::first_line; level <= hart::ipl::last_line; level++)
        if (level_of(hart::here(), level).blocked != 0)
            base = level;
    if (base == hart::self().base_level)
        return;
    hart::self().base_level = base;
    trace::record(trace::BaseLevel{.level = base});
    hart::level_changed();
}

void tick() {
    ASSERT(!arch::irq_enabled());
    LineHart& here = line_hart();
    here.ticks++;
    lib::List<Line, &Line::waits> again;
    again.take_all(here.held_back);
    while (Line* line = again.pop_front())
        let_go(*line);
    for (Level level = hart::ipl::first_line; level <= hart::ipl::last_line; level++)
        watch_level(level);
}

} // namespace irq
