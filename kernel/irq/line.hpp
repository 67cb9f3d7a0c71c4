// SPDX-License-Identifier: BSD-2-Clause
// An interrupt line as the kernel keeps it, and what waits and serves on each hart. Only irq/
// includes this; drivers see irq.hpp.
//
//                       claim                              complete
//        idle ──────────────────────▶ served, deferred ──────────────────▶ idle
//         │                            or held back                         │
//         └── changes (attach, detach, route) are made here, on the line's hart, masked
//
// Rules
//   - Everything about a line belongs to the hart that it is routed to, masked. `changes` is
//     protected by sched::lock.
// Invariants
//   (1) A line that is claimed is deferred on its hart, held back by its hart because it storms, or
//       served, by an interrupt LWP, by its own LWP or as a guest; and exactly one of them.
//   (2) An interrupt LWP is in its hart's pool exactly if it is idle (`model=borrow`).
//   (3) The list of handlers changes only while the line is not claimed.
// Read next: dispatch.cpp, serve.cpp, lines.cpp, watch.cpp
#pragma once

#include "hart/hart.hpp"
#include "hart/model.hpp"
#include "hart/panic.hpp"
#include "irq/controller.hpp"
#include "irq/irq.hpp"
#include "sched/lwp.hpp"

namespace irq {

/// Something that waits until the line is idle. It lives on the stack of whoever waits for it.
struct Change {
    enum class Kind : u8 { attach, detach, route };
    Kind kind;
    Handler* handler = nullptr;
    unsigned route = 0;
    bool done = false;
    lib::Link<Change> link = {};
};

struct Line {
    LineId id{};                                 // its place in `lines`, once it has had a handler
    lib::List<Handler, &Handler::link> handlers; // (3)
    const char* name = nullptr;
    Level level = 0;
    bool traditional = false; // its handlers run as guests in every model
    bool disabled = false;    // nobody owned its interrupts
    bool held_back = false;   // `waits` is on the list of those that storm
    unsigned route = 0;
    u64 stamp = 0;                            // of the last change, which a claim comes after
    sched::Lwp* lwp = nullptr;                // `model=thread`: its own
    lib::Link<Line> waits;                    // deferred, or held back (1)
    lib::List<Change, &Change::link> changes; // that wait until it is idle
    bool run_out_said = false;
    u32 strays_in_a_row = 0;
    u32 tick = 0, in_tick = 0; // interrupts within this tick
    u32 storms = 0;            // times it was held back
    u32 slow_limit = 4;        // ticks that a handler may take, doubled with each report
    u32 blocked_limit = 32;    // interrupts before the next look at how many blocked
    u64 interrupts = 0, blocked = 0, deferrals = 0, strays = 0;
};

/// What waits and who serves, per hart and level.
struct LineLevel {
    lib::List<Line, &Line::waits> deferred;
    sched::Lwp* lwps[max_pool] = {}; // all of the level, idle or not
    sched::Lwp* pool[max_pool] = {}; // the first `free` of these are idle (2)
    unsigned free = 0;
    unsigned blocked = 0; // have blocked and are not done
    u32 out_ticks = 0;    // for which a line has waited for those that are blocked
    u32 out_limit = 10;   // of them, before the next report; doubled with each
};

/// What is counted per hart. Belongs to that hart, masked.
struct LineHart {
    LineLevel levels[hart::ipl::last_line - hart::ipl::first_line + 1];
    lib::List<Line, &Line::waits> held_back; // until the next tick, because they storm
    u32 ticks = 0;                           // timer interrupts
    bool changes_wait = false;               // for a line of this hart that is claimed
};
extern constinit Line lines[controller::max_lines];
extern constinit LineHart line_harts[arch::max_harts];

inline LineHart& line_hart() {
    return hart::computed_once(line_harts[hart::here()]);
}
inline LineLevel& level_of(unsigned hart, Level level) {
    ASSERT(hart::ipl::is_line(level));
    return hart::computed_once(line_harts[hart].levels[level - hart::ipl::first_line]);
}
inline Line& line_of(LineId id) {
    u32 number = static_cast<u32>(id);
    ASSERT(number != 0 && number < controller::max_lines);
    return hart::computed_once(lines[number]);
}
[[nodiscard]] inline LineId id_of(const Line& line) {
    return line.id;
}
[[nodiscard]] const char* name_of_line(u32 line);
/// Calls fn(line) for each line that has a handler.
void for_each_attached(auto&& fn) {
    for (Line& line : lines)
        if (line.name != nullptr)
            fn(line);
}

// ---- serve.cpp: from "it can run now" to "it is done" (masked) ----------------------------------

/// True if the line's handlers have no LWP, now and ever.
[[nodiscard]] inline bool is_guest(const Line& line) {
    return line.traditional || !hart::is_threaded(line.level);
}
/// True if an LWP out of the level's pool has to be free to serve it.
[[nodiscard]] inline bool needs_pool(const Line& line) {
    return hart::interrupts.model == trace::Model::borrow && !is_guest(line);
}
/// Runs a claimed line's handlers, or makes the LWP runnable that will.
void serve(Line& line);
/// Gives a line that has just been attached its own LWP (`model=thread`). Takes sched::lock.
void give_lwp(Line& line);

// ---- lines.cpp ----------------------------------------------------------------------------------

/// Gives the claim back, disables the line if `disable`, and makes the changes that have waited.
void complete(Line& line, bool disable = false);
/// Makes what changes are wanted for lines of this hart that are idle.
void apply_changes();

// ---- watch.cpp: what is counted, reported and held off ------------------------------------------

/// Counts an interrupt of the line.
void note_interrupt(Line& line);
/// The handlers are done: strays are counted, storms held back, else the line is completed.
void release(Line& line, Served served);
/// The line waits because no interrupt LWP of its level is left.
void say_run_out(Line& line);
/// A handler ran for so many ticks of its hart without a break.
void note_time(Line& line, const char* handler, u32 ticks);
/// A handler of the line had to wait for a lock.
void note_blocked(Line& line);
/// The levels of which handlers are blocked on this hart have changed (`mask=level`).
void update_base_level();

} // namespace irq
