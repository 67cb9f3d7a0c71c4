// SPDX-License-Identifier: BSD-2-Clause
// From "a line wants service" to "its handlers have run".
#include "irq/irq.hpp"

#include "arch/upcalls.hpp"
#include "hart/panic.hpp"
#include "irq/borrow.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace irq {

using sched::Lwp;

constinit unsigned pool_size = 1;

namespace {

constexpr unsigned max_lines = 128;
constexpr u32 stray_limit = 10; // in a row, then the line is disabled

struct Line {
    lib::List<Handler, &Handler::link> handlers;
    const char* name = nullptr;
    Level level = 0;
    unsigned route = 0;
    u64 stamp = 0; // of the attachment, which a claim on another hart comes after
    lib::Link<Line> deferred_link;
    bool run_out_said = false;
    u32 strays_in_a_row = 0;
    u64 interrupts = 0, blocked = 0, deferrals = 0, strays = 0;
};

/// What waits and who serves, per hart and level. Only that hart touches it, masked.
struct LineLevel {
    lib::List<Line, &Line::deferred_link> deferred;
    lib::List<Lwp, &Lwp::queue_link> pool; // (2)
    unsigned free = 0;
};

constexpr unsigned level_count = hart::ipl::last_line - hart::ipl::first_line + 1;
constinit Line lines[max_lines];
constinit LineLevel levels[arch::max_harts][level_count];
constinit hart::Cell<u32> spurious;

LineLevel& level_of(unsigned hart, Level level) {
    ASSERT(hart::ipl::is_line(level));
    return levels[hart][level - hart::ipl::first_line];
}

Line& line_of(LineId id) {
    u32 number = static_cast<u32>(id);
    ASSERT(number != 0 && number < max_lines);
    return lines[number];
}

LineId id_of(const Line& line) {
    return static_cast<LineId>(&line - lines);
}

Served call_handlers(Line& line, Lwp& self) {
    Served served = Served::no;
    for (Handler* handler = line.handlers.front(); handler != nullptr;
         handler = line.handlers.next(*handler)) {
        self.serving = handler->name;
        if (handler->function(handler->argument) == Served::yes)
            served = Served::yes;
        check_leaks(self, handler->name);
    }
    self.serving = nullptr;
    return served;
}

/// Nobody knew the interrupt. True: it has happened too often.
bool note_stray(Line& line) {
    line.strays++;
    line.strays_in_a_row++;
    trace::record(trace::LineStray{.line = id_of(line), .count = line.strays_in_a_row});
    return line.strays_in_a_row >= stray_limit;
}

/// Gives the claim back on the hart that holds it, and only then disables a line nobody owns: a
/// PLIC ignores the completion of a line that is not enabled.
void complete(Line& line, Served served) {
    bool disable = served == Served::no && note_stray(line);
    if (served == Served::yes)
        line.strays_in_a_row = 0;
    trace::record(trace::LineComplete{.line = id_of(line)});
    arch::line_complete(static_cast<u32>(id_of(line)));
    if (disable) {
        arch::line_enable(static_cast<u32>(id_of(line)), line.route,
                          hart::ipl::plic_priority(line.level), false);
        trace::record(trace::LineDisable{.line = id_of(line), .strays = line.strays_in_a_row});
    }
}

/// What an interrupt LWP runs.
void interrupt_body(void* argument) {
    Lwp& self = *static_cast<Lwp*>(argument);
    Line& line = line_of(self.line);
    Lwp* victim = self.victim;
    trace::record(trace::IrqEnter{.line = self.line,
                                  .handler = self.id(),
                                  .victim = victim->id(),
                                  .level = line.level,
                                  .model = trace::Model::borrow});
    arch::irq_enable();
    Served served = call_handlers(line, self);
    arch::irq_disable();

    bool had_blocked = self.victim == nullptr;
    line.blocked += had_blocked;
    complete(line, served);
    trace::record(trace::IrqExit{.line = self.line,
                                 .handler = self.id(),
                                 .victim = had_blocked ? sched::LwpId::none : victim->id(),
                                 .blocked = had_blocked});
    self.line = LineId::none;
    LineLevel& here = level_of(hart::here(), line.level);
    here.pool.push_front(self); // (2)
    here.free++;
    finish(self);
}

void defer(Line& line) {
    line.deferrals++;
    level_of(hart::here(), line.level).deferred.push_back(line); // (1)
    hart::self().owed.set_bits(hart::owed_lines);
    trace::record(trace::LineDefer{
        .line = id_of(line), .level = line.level, .current = arch::current().level});
}

void say_run_out(Line& line) {
    if (line.run_out_said)
        return;
    line.run_out_said = true;
    trace::record(trace::RunOut{.line = id_of(line), .level = line.level, .blocked = pool_size});
}

/// An interrupt LWP of the line's level takes over the hart.
void serve(Line& line) {
    LineLevel& here = level_of(hart::here(), line.level);
    Lwp& handler = *here.pool.pop_front();
    here.free--;
    handler.line = id_of(line);
    line.run_out_said = false;
    borrow(handler, line.level, interrupt_body);
}

void claimed(Line& line) {
    line.interrupts++;
    trace::carry_in(line.stamp);
    trace::record(trace::LineClaim{.line = id_of(line), .level = line.level});
    if (line.level <= arch::current().level) {
        defer(line);
    } else if (level_of(hart::here(), line.level).free == 0) {
        defer(line);
        say_run_out(line);
    } else {
        serve(line);
    }
}

} // namespace

bool replay_lines() {
    ASSERT(!arch::irq_enabled());
    if ((hart::self().owed.peek() & hart::owed_lines) == 0)
        return false;
    bool waiting = false;
    for (Level level = hart::ipl::last_line; level >= hart::ipl::first_line; level--) {
        LineLevel& here = level_of(hart::here(), level);
        Line* line = here.deferred.front();
        if (line == nullptr)
            continue;
        waiting = true;
        if (level <= arch::current().level)
            return false;
        if (here.free == 0) {
            say_run_out(*line);
            continue;
        }
        here.deferred.remove(*line);
        serve(*line);
        return true;
    }
    if (!waiting)
        hart::self().owed.clear_bits(hart::owed_lines);
    return false;
}

void attach(Handler& handler, unsigned route) {
    Line& line = line_of(handler.line);
    ASSERT(hart::ipl::is_line(handler.level));
    ASSERT(route < hart::hart_count);
    ASSERT(line.name == nullptr || line.level == handler.level);
    {
        hart::SpinGuard guard(sched::lock);
        if (line.name == nullptr) {
            line.name = handler.name;
            line.level = handler.level;
            line.route = route;
            trace::name(handler.line, handler.name);
        }
        line.handlers.push_back(handler);
        trace::record(trace::LineAttach{.line = handler.line,
                                        .level = handler.level,
                                        .flags = 3, // threaded, mpsafe
                                        .route = hart::hart_id(line.route)});
        line.stamp = trace::carry_out();
    }
    arch::line_enable(static_cast<u32>(handler.line), line.route,
                      hart::ipl::plic_priority(line.level), true);
}

void create_interrupt_lwps(unsigned hart) {
    for (Level level = hart::ipl::first_line; level <= hart::ipl::last_line; level++) {
        for (unsigned number = 0; number < pool_size; number++) {
            lib::Line name;
            name.add("intr.", hart::ipl::names[level], "/", hart);
            if (number > 0)
                name.add(".", number);
            Lwp& lwp = sched::create({.name = name.text(),
                                      .kind = sched::LwpKind::interrupt,
                                      .priority = sched::interrupt_priority(level),
                                      .home = hart::hart_id(hart),
                                      .level = level},
                                     sched::LwpState::idle);
            level_of(hart, level).pool.push_back(lwp);
            level_of(hart, level).free++;
        }
    }
}

void for_each_line(void (*fn)(const LineCounts& counts)) {
    for (const Line& line : lines)
        if (line.name != nullptr)
            fn({line.name, id_of(line), line.level, line.route, line.interrupts, line.blocked,
                line.deferrals, line.strays, line.deferred_link.linked});
}

} // namespace irq

namespace arch {

void on_external_interrupt() {
    u32 number = line_claim();
    if (number == 0)
        trace::record(trace::LineStray{.line = trace::LineId::none, .count = irq::spurious.add(1)});
    for (; number != 0; number = line_claim())
        irq::claimed(irq::line_of(static_cast<trace::LineId>(number)));
    hart::settle_if_owed();
}

} // namespace arch
