// SPDX-License-Identifier: BSD-2-Clause
// From "a line wants service" to "it is served, or waits": claim, defer, replay.
#include "arch/upcalls.hpp"
#include "hart/panic.hpp"
#include "hart/spl.hpp"
#include "irq/line.hpp"
#include "trace/emit.hpp"

namespace irq {

namespace {

constinit hart::Cell<u32> spurious;

/// Claimed, but its time has not come: replayed when the level falls, or an LWP is free again.
void defer(Line& line) {
    line.deferrals++;
    level_of(hart::here(), line.level).deferred.push_back(line); // line.hpp (1)
    hart::self().owed.set_bits(hart::owed_lines);
    trace::record(
        trace::LineDefer{.line = id_of(line), .level = line.level, .current = hart::held_off()});
}

/// A line that is scheduled instead of served at once has no use for levels: priorities decide.
bool is_scheduled(const Line& line) {
    return !is_guest(line) && !needs_pool(line);
}

bool out_of_lwps(const Line& line) {
    return needs_pool(line) && level_of(hart::here(), line.level).free == 0;
}

void claimed(Line& line) {
    note_interrupt(line);
    trace::carry_in(line.stamp);
    trace::record(trace::LineClaim{.line = id_of(line), .level = line.level});
    if (!is_scheduled(line) && line.level <= hart::held_off()) {
        defer(line);
    } else if (out_of_lwps(line)) {
        defer(line);
        say_run_out(line);
    } else {
        serve(line);
    }
}

/// The most urgent line that waits on this hart and can be served now. `waiting`: there are others.
Line* next_to_replay(bool& waiting) {
    for (Level level = hart::ipl::last_line; level >= hart::ipl::first_line; level--) {
        LineLevel& here = level_of(hart::here(), level);
        Line* line = here.deferred.front();
        waiting = waiting || line != nullptr;
        if (level <= hart::held_off()) {
            waiting = true; // nobody has looked
            return nullptr;
        }
        for (; line != nullptr; line = here.deferred.next(*line)) {
            if (!out_of_lwps(*line))
                return line;
            say_run_out(*line);
        }
    }
    return nullptr;
}

} // namespace

bool replay_lines() {
    ASSERT(!arch::irq_enabled());
    u32 owed = hart::self().owed.peek();
    if ((owed & hart::owed_changes) != 0)
        apply_changes();
    if ((owed & hart::owed_lines) == 0)
        return false;
    bool waiting = false;
    Line* line = next_to_replay(waiting);
    if (line == nullptr) {
        if (!waiting)
            hart::self().owed.clear_bits(hart::owed_lines);
        return false;
    }
    level_of(hart::here(), line->level).deferred.remove(*line);
    serve(*line);
    return true;
}

} // namespace irq

namespace arch {

void on_external_interrupt() {
    u32 number = irq::controller::claim();
    if (number == 0)
        trace::record(trace::LineStray{.line = trace::LineId::none, .count = irq::spurious.add(1)});
    for (; number != 0; number = irq::controller::claim())
        irq::claimed(irq::line_of(static_cast<trace::LineId>(number)));
    hart::settle_if_owed();
}

} // namespace arch
