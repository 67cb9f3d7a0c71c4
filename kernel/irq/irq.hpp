// SPDX-License-Identifier: BSD-2-Clause
// Interrupt lines and their handlers (intr_establish(9)).
//
// A driver attaches a handler to a line with a level; from then on the line is routed to one hart.
// When the line fires there, the hart claims it and an interrupt LWP of that level borrows the
// context of whatever runs (borrow.hpp) and calls the line's handlers.
//
//   line fires ─▶ claim ─┬─ level above the current one ─▶ interrupt LWP runs handlers ─▶ complete
//                        ├─ at or below: deferred, replayed when the level falls   (lazy SPL, S3.7)
//                        └─ no interrupt LWP left: RunOut, waits until one is done (S3.18)
//
// From claim to complete the PLIC delivers no more of this line, and that is the mask: a handler
// that blocks keeps its claim (`mask=source`), other lines still come in (S5.2, S5.3). The claim is
// given back where it was taken, which is why interrupt LWPs are bound to their hart.
//
// Rules
//   - A handler runs at its level with interrupts enabled: higher lines nest. It quiets its device
//     and says whether the interrupt was its device's.
//   - It may wait for a mutex or an RW lock, and for nothing else: everything else panics, also
//     when it would not have to wait (S2.19, S2.20).
//   - Handlers on one line share its level.
// Invariants
//   (1) A line is idle, deferred on one hart, or served by one interrupt LWP; its claim is held
//       exactly in the latter two.
//   (2) An interrupt LWP is in its hart's pool exactly if it is idle.
// Why is one LWP per level and hart enough (`pool` defaults to 1, S3.13)? Lines of different levels
// never wait for each other's LWP, and the devices of this machine have a level each. A second line
// of the same level waits while the first is blocked: RunOut shows it, and `pool` cures it.
// Read next: dispatch.cpp
#pragma once

#include "arch/machine.hpp"
#include "hart/ipl.hpp"
#include "lib/list.hpp"

namespace irq {

using trace::Level;
using trace::LineId;

/// A handler's answer: was the interrupt its device's?
enum class Served : bool { no, yes };

struct Handler {
    const char* name;
    LineId line;
    Level level; // bio … serial
    Served (*function)(void* argument);
    void* argument = nullptr;
    lib::Link<Handler> link = {};
};

/// Attaches a handler and enables its line on hart `route`, where a line that has handlers already
/// stays. The handler object lives as long as the kernel. Ordinary LWPs and start-up.
void attach(Handler& handler, unsigned route = 0);

constexpr unsigned max_pool = 8;
/// Interrupt LWPs per level and hart (boot parameter `pool`). Set before create_interrupt_lwps().
extern constinit unsigned pool_size;

/// Creates the interrupt LWPs of a hart. Takes sched::lock.
void create_interrupt_lwps(unsigned hart);

/// Serves the most urgent deferred line if that is possible now (masked). True if it ran something.
/// Called by hart::settle().
bool replay_lines();

/// What the monitor shows of a line.
struct LineCounts {
    const char* name;
    LineId line;
    Level level;
    unsigned route;
    u64 interrupts;
    u64 blocked;
    u64 deferred;
    u64 strays;
    bool waiting; // claimed, and waits for the level to fall or for an interrupt LWP
};
/// Calls fn(counts) for every line that has a handler. A glance.
void for_each_line(void (*fn)(const LineCounts& counts));

} // namespace irq
