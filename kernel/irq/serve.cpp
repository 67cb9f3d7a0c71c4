// SPDX-License-Identifier: BSD-2-Clause
// A claimed line's handlers run: by an interrupt LWP that borrows, by the line's own LWP, or as a
// guest on the context of whoever was interrupted.
#include "hart/panic.hpp"
#include "hart/spl.hpp"
#include "irq/borrow.hpp"
#include "irq/footing.hpp"
#include "irq/line.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace irq {

using sched::Lwp;
using sched::LwpId;
using trace::Model;

namespace {

/// A handler that was written when there was one hart.
Served call_old(const Handler& handler) {
    sync::KernelGuard guard;
    return handler.function(handler.argument);
}

/// One handler, with everything that is watched about it.
Served call(Line& line, Handler& handler) {
    Lwp& self = sched::current();
    u32 before = line_hart().ticks;
    u64 switches = self.switches;
    Footing footing;
    Served served = handler.mpsafe ? handler.function(handler.argument) : call_old(handler);
    footing.check(handler.name);
    if (!handler.link.linked) // line.hpp (3)
        hart::panic(handler.name, " was detached from line ", static_cast<u32>(id_of(line)),
                    " while it ran");
    if (self.switches == switches)
        note_time(line, handler.name, line_hart().ticks - before);
    return served;
}

Served call_handlers(Line& line, const char*& serving) {
    Served served = Served::no;
    for (Handler* handler = line.handlers.front(); handler != nullptr;
         handler = line.handlers.next(*handler)) {
        serving = handler->name;
        if (call(line, *handler) == Served::yes)
            served = Served::yes;
    }
    return served;
}

/// The LWP that has just done its part goes back to the others of its level.
void return_to_pool(Lwp& self, Level level, bool had_blocked) {
    LineLevel& here = level_of(hart::here(), level);
    here.pool[here.free++] = &self; // line.hpp (2)
    if (!had_blocked)
        return;
    here.blocked--;
    update_base_level();
}

/// What an interrupt LWP runs, borrowing or not.
void interrupt_body(void* argument) {
    Lwp& self = *static_cast<Lwp*>(argument);
    LineId id = self.line;
    Line& line = line_of(id);
    Level level = line.level;
    LwpId victim = self.victim != nullptr ? self.victim->id() : LwpId::none;
    u32 waits = self.waits;
    self.serving = line.name;
    trace::record(trace::IrqEnter{.line = id,
                                  .handler = self.id(),
                                  .victim = victim,
                                  .level = level,
                                  .model = hart::interrupts.model});
    arch::irq_enable();
    Served served = call_handlers(line, self.serving);
    arch::irq_disable();

    bool had_blocked = victim != LwpId::none && self.victim == nullptr;
    if (self.waits != waits)
        note_blocked(line);
    // Once the line is released, the hart that it goes to may claim it and tell this LWP, which is
    // the line's own with model=thread: nothing of ours may come after that.
    self.serving = nullptr;
    if (!hart::mutated(hart::Mutation::late_forget))
        self.line = LineId::none;
    release(line, served);
    trace::record(trace::IrqExit{.line = id,
                                 .handler = self.id(),
                                 .victim = had_blocked ? LwpId::none : victim,
                                 .blocked = had_blocked});
    if (hart::mutated(hart::Mutation::late_forget))
        self.line = LineId::none;
    if (hart::interrupts.model == Model::borrow)
        return_to_pool(self, level, had_blocked);
    finish(self);
}

void lend_a_context(Line& line) {
    LineLevel& here = level_of(hart::here(), line.level);
    Level level = line.level;
    Lwp& handler = *here.pool[--here.free];
    here.out_ticks = 0;
    handler.line = id_of(line);
    line.run_out_said = false;
    if (borrow(handler, level, interrupt_body)) {
        here.blocked++;
        update_base_level();
    }
}

/// 4.3BSD's way, and that of the handlers above `lock_level`: no LWP, the level of the interrupted
/// one raised for as long as it takes (S2.8, S5.7).
void run_as_guest(Line& line) {
    Lwp& host = sched::current();
    sched::Guest guest{.name = line.name,
                       .line = id_of(line),
                       .softint = {},
                       .level = line.level,
                       .before = host.current.level,
                       .beneath = host.guest};
    host.guest = &guest;
    hart::set_level(line.level);
    trace::record(trace::IrqEnter{.line = guest.line,
                                  .handler = LwpId::none,
                                  .victim = host.id(),
                                  .level = guest.level,
                                  .model = Model::classic});
    arch::irq_enable();
    Served served = call_handlers(line, guest.name);
    arch::irq_disable();

    release(line, served);
    trace::record(trace::IrqExit{
        .line = guest.line, .handler = LwpId::none, .victim = host.id(), .blocked = 0});
    host.guest = guest.beneath;
    hart::set_level(guest.before);
}

} // namespace

void serve(Line& line) {
    if (is_guest(line)) {
        run_as_guest(line);
    } else if (needs_pool(line)) {
        lend_a_context(line);
    } else {
        line.lwp->line = id_of(line);
        wake_thread(*line.lwp);
    }
}

void give_lwp(Line& line) {
    if (hart::interrupts.model != Model::thread || is_guest(line))
        return;
    if (line.lwp != nullptr && line.lwp->base_level == line.level) {
        line.lwp->home = hart::hart_id(line.route); // the line had handlers before
        return;
    }
    lib::Line name;
    name.add("intr.", line.name);
    sched::Birth birth{.name = name.text(),
                       .kind = sched::LwpKind::interrupt,
                       .priority = sched::interrupt_priority(line.level),
                       .home = hart::hart_id(line.route),
                       .level = line.level};
    line.lwp = &create_thread(birth, interrupt_body);
}

void create_interrupt_lwps(unsigned hart) {
    if (hart::interrupts.model != Model::borrow)
        return;
    for (Level level = hart::ipl::first_line; level <= hart::interrupts.lock_level; level++) {
        LineLevel& there = level_of(hart, level);
        for (unsigned number = 0; number < pool_size; number++) {
            lib::Line name;
            name.add("intr.", hart::ipl::names[level], "/", hart);
            if (number > 0)
                name.add(".", number);
            there.lwps[number] = &sched::create({.name = name.text(),
                                                 .kind = sched::LwpKind::interrupt,
                                                 .priority = sched::interrupt_priority(level),
                                                 .home = hart::hart_id(hart),
                                                 .level = level},
                                                sched::LwpState::idle);
            there.pool[there.free++] = there.lwps[number];
        }
    }
}

} // namespace irq
