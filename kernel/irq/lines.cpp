// SPDX-License-Identifier: BSD-2-Clause
// Handlers come to their lines and go: attach, detach, route.
//
// The first handler of a line is there before the line is enabled, so nothing can be in the way.
// Everything later is a Change, which waits until its line is idle and is then made by the hart
// that the line is routed to, masked: so nobody claims the line meanwhile, no handler of it runs
// anywhere, and the controller sees neither a disable nor a new route between claim and complete.
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/print.hpp"
#include "irq/line.hpp"
#include "sched/sleep_queue.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace irq {

constinit unsigned pool_size = 1;
constinit Line lines[controller::max_lines] = {};
constinit LineHart line_harts[arch::max_harts] = {};

namespace {

constinit sched::SleepQueue changed;
constinit bool prepared = false;

enum : u8 { flag_threaded = 1, flag_mpsafe = 2, flag_shared = 4 };

u8 flags_of(const Line& line) {
    const Handler* first = line.handlers.front();
    return static_cast<u8>((is_guest(line) ? 0 : flag_threaded)
                           | (first == nullptr || first->mpsafe ? flag_mpsafe : 0)
                           | (first != nullptr && first->shareable ? flag_shared : 0));
}

void record_attach(Line& line) {
    trace::record(trace::LineAttach{.line = id_of(line),
                                    .level = line.level,
                                    .flags = flags_of(line),
                                    .route = hart::hart_id(line.route)});
    line.stamp = trace::carry_out();
}

void enable(const Line& line) {
    controller::enable(static_cast<u32>(id_of(line)), line.route,
                       hart::ipl::plic_priority(line.level));
}

/// The handler becomes the line's first. False: the line has one. (sched::lock held)
bool found(Line& line, Handler& handler, unsigned route) {
    if (line.name != nullptr)
        return false;
    line.id = handler.line;
    line.name = handler.name;
    line.level = handler.level;
    line.traditional = handler.traditional;
    line.route = route;
    line.disabled = false;
    line.handlers.push_back(handler);
    trace::name(handler.line, handler.name);
    record_attach(line);
    return true;
}

/// Says why two handlers cannot be on one line.
bool go_together(const Line& line, const Handler& handler) {
    const char* why = nullptr;
    if (const Handler* first = line.handlers.front();
        first != nullptr && !(first->shareable && handler.shareable))
        why = "they do not both share";
    else if (line.level != handler.level)
        why = "they want different levels";
    else if (line.traditional != handler.traditional)
        why = "one has an LWP and the other has none";
    if (why == nullptr)
        return true;
    lib::Line text;
    text.add(handler.name, " is not attached to line ", static_cast<u32>(handler.line),
             ", which has ", line.name, ": ", why);
    hart::print(text);
    return false;
}

// ---- changes ------------------------------------------------------------------------------------

/// Waits until the line's hart has made the change.
void want(Line& line, Change& change, const char* primitive) {
    sched::assert_sleepable(primitive);
    hart::SpinGuard guard(sched::lock);
    line.changes.push_back(change);
    hart::harts[line.route].owed.set_bits(hart::owed_changes);
    if (line.route != hart::here()) {
        trace::record(trace::Ipi{.target = hart::hart_id(line.route)});
        arch::send_ipi(line.route);
    }
    while (!change.done)
        changed.sleep(primitive);
}

void add_handler(Line& line, Handler& handler) {
    line.handlers.push_back(handler); // line.hpp (3)
    record_attach(line);
    if (!line.disabled)
        return;
    line.disabled = false; // somebody new may own its interrupts
    line.strays_in_a_row = 0;
    enable(line);
}

void remove_handler(Line& line, Handler& handler) {
    line.handlers.remove(handler); // line.hpp (3)
    u32 left = 0;
    for (Handler* one = line.handlers.front(); one != nullptr; one = line.handlers.next(*one))
        left++;
    if (left == 0) {
        controller::disable(static_cast<u32>(id_of(line)));
        line.name = nullptr;
    }
    trace::record(trace::LineDetach{.line = id_of(line), .left = left});
    line.stamp = trace::carry_out();
}

void move(Line& line, unsigned route) {
    line.route = route;
    if (line.lwp != nullptr)
        line.lwp->home = hart::hart_id(route);
    record_attach(line);
    if (!line.disabled)
        enable(line);
}

/// (sched::lock held)
void make(Line& line, const Change& change) {
    switch (change.kind) {
    case Change::Kind::attach:
        return add_handler(line, *change.handler);
    case Change::Kind::detach:
        return remove_handler(line, *change.handler);
    case Change::Kind::route:
        return move(line, change.route);
    }
}

/// True if the line's changes have to wait for its completion.
bool is_in_use(const Line& line) {
    if (hart::mutated(hart::Mutation::early_change))
        return false;
    bool moves = line.changes.front()->kind == Change::Kind::route;
    if (moves && hart::mutated(hart::Mutation::early_route))
        return false;
    return controller::claimed(static_cast<u32>(id_of(line)));
}

} // namespace

void apply_changes() {
    ASSERT(!arch::irq_enabled());
    hart::self().owed.clear_bits(hart::owed_changes); // who comes later sets it again
    hart::SpinGuard guard(sched::lock);
    line_hart().changes_wait = false;
    for (Line& line : lines) {
        if (line.changes.empty() || line.route != hart::here())
            continue;
        if (is_in_use(line)) {
            line_hart().changes_wait = true;
            continue;
        }
        while (Change* change = line.changes.pop_front()) {
            make(line, *change);
            change->done = true;
        }
        changed.wake_all(trace::WakeReason::signalled);
    }
}

void complete(Line& line, bool disable) {
    u32 number = static_cast<u32>(id_of(line));
    if (disable && hart::mutated(hart::Mutation::early_complete))
        controller::disable(number);
    trace::record(trace::LineComplete{.line = id_of(line)});
    controller::complete(number);
    if (disable) {
        controller::disable(number);
        line.disabled = true;
        trace::record(trace::LineDisable{.line = id_of(line), .strays = line.strays_in_a_row});
    }
    if (line_hart().changes_wait)
        apply_changes();
}

// ---- what drivers call --------------------------------------------------------------------------

bool attach(Handler& handler, unsigned route) {
    Line& line = line_of(handler.line);
    if (!hart::ipl::is_line(handler.level))
        hart::panic(handler.name, " is attached at level ", hart::ipl::names[handler.level],
                    ", which is not one of bio to serial");
    if (handler.link.linked)
        hart::panic(handler.name, " is attached twice to ", line.name);
    ASSERT(route < hart::hart_count);
    bool first;
    {
        hart::SpinGuard guard(sched::lock);
        first = found(line, handler, route);
    }
    if (first) {
        give_lwp(line);
        enable(line);
        return true;
    }
    if (!go_together(line, handler))
        return false;
    Change change{.kind = Change::Kind::attach, .handler = &handler};
    want(line, change, "intr_establish");
    return true;
}

void detach(Handler& handler) {
    if (!handler.link.linked)
        hart::panic("intr_disestablish of ", handler.name, ", which is attached to nothing");
    Change change{.kind = Change::Kind::detach, .handler = &handler};
    want(line_of(handler.line), change, "intr_disestablish");
}

void route(LineId id, unsigned hart) {
    Line& line = line_of(id);
    ASSERT(hart < hart::hart_count);
    if (line.name == nullptr)
        hart::panic("intr_distribute of line ", static_cast<u32>(id), ", which has no handler");
    Change change{.kind = Change::Kind::route, .route = hart};
    want(line, change, "intr_distribute");
}

// ---- looking at lines ---------------------------------------------------------------------------

const char* name_of_line(u32 line) {
    return lines[line].name != nullptr ? lines[line].name : "without a handler";
}

void init_lines() {
    ASSERT(!prepared);
    prepared = true;
    changed.init("line changes");
}

LineCounts counts_of(LineId id) {
    const Line& line = line_of(id);
    ASSERT(line.name != nullptr);
    bool held_back = line.waits.linked && line.held_back;
    return {line.name,    id_of(line),    line.level,  line.route,  line.interrupts,
            line.blocked, line.deferrals, line.strays, line.storms, line.waits.linked && !held_back,
            held_back,    flags_of(line)};
}

void for_each_line(void (*fn)(const LineCounts& counts)) {
    for_each_attached([&](Line& line) { fn(counts_of(id_of(line))); });
}

} // namespace irq
