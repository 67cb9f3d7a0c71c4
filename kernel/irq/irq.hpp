// SPDX-License-Identifier: BSD-2-Clause
// Interrupt lines and their handlers (intr_establish(9)).
//
// A driver attaches a handler to a line with a level; from then on the line is routed to one hart.
// When the line fires there, the hart claims it, and its handlers run in one of three ways
// (hart/model.hpp), of which the driver's source knows nothing:
//
//   line fires ─▶ claim ─┬─ level above what is held off ─┬─ an interrupt LWP borrows the context
//                        │                                ├─ the line's LWP is made runnable
//                        │                                └─ as a guest of whoever was interrupted
//                        ├─ at or below: deferred, replayed when the level falls  (lazy SPL, S3.7)
//                        └─ no interrupt LWP left: RunOut, waits until one is done        (S3.18)
//
// From claim to complete the PLIC delivers no more of this line, and that is the mask: a handler
// that blocks keeps its claim (`mask=source`), other lines still come in (S5.2, S5.3). The claim is
// given back where it was taken, which is why interrupt LWPs are bound to their hart. With
// `mask=level` a blocked handler also holds off every line at or below its level on its hart, as
// Solaris does: then one LWP per level is enough whatever comes, and the price is that the release
// of the lock must not need such a line there.
//
// Rules
//   - A handler runs at its level with interrupts enabled: higher lines nest. It quiets its device
//     and says whether the interrupt was its device's.
//   - It may wait for a mutex or an RW lock, and for nothing else: everything else panics, also
//     when it would not have to wait (S2.19, S2.20). A traditional handler waits for nothing.
//   - Handlers on one line share its level, are all shareable, and are all traditional or none.
//   - A line whose interrupts nobody owns is disabled with a message; one that storms is held back
//     until the next tick (watch.cpp).
// Why is one LWP per level and hart enough (`pool` defaults to 1, S3.13)? Lines of different levels
// never wait for each other's LWP, and the devices of this machine have a level each. A second line
// of the same level waits while the first is blocked: RunOut shows it, and `pool` cures it.
// Read next: line.hpp, dispatch.cpp
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
    bool shareable = false;   // other handlers may be on the same line
    bool traditional = false; // has no LWP in any model: takes spin mutexes only (S3.19)
    bool mpsafe = true;       // false: not converted yet, runs under kernel_lock (S5.10)
    lib::Link<Handler> link = {};
};

/// Attaches a handler (intr_establish(9)) and enables its line on hart `route`, where a line that
/// has handlers already stays. False, with a message on the console that names both: the handler
/// that is there and this one do not go together. The first handler of a line: ordinary LWPs and
/// start-up. A further one: ordinary LWPs, sleeps until the line is idle.
bool attach(Handler& handler, unsigned route = 0);

/// Takes a handler off its line (intr_disestablish(9)): when it returns, the handler runs nowhere
/// and will not be called again. The last one disables the line. Ordinary LWPs that hold nothing
/// which the line's handlers want; sleeps until the line is idle. From a handler it panics.
void detach(Handler& handler);

/// Moves a line that has handlers to another hart (intr_distribute(9)). Ordinary LWPs; sleeps until
/// the line is idle, because a claim has to be given back where it was taken (M18).
void route(LineId line, unsigned hart);

/// More interrupts of one line than this within a tick of its hart are a storm.
extern constinit u32 storm_limit;

constexpr unsigned max_pool = 8;
/// Interrupt LWPs per level and hart (boot parameter `pool`). Set before create_interrupt_lwps().
/// `model=borrow` only.
extern constinit unsigned pool_size;

/// Prepares the lines for changes. Once, before the first attach(). Takes sched::lock.
void init_lines();

/// Creates the interrupt LWPs of a hart. Takes sched::lock.
void create_interrupt_lwps(unsigned hart);

/// Serves the most urgent deferred line if that is possible now (masked). True if it ran something.
/// Called by hart::settle().
bool replay_lines();

/// The timer interrupt of this hart (masked): lines that were held back come again, and a level
/// that is out of LWPs for long is reported.
void tick();

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
    u64 storms;
    bool waiting;   // claimed, and waits for the level to fall or for an interrupt LWP
    bool held_back; // claimed, and waits for the next tick, because it storms
    u8 flags;       // as in trace::LineAttach
};
/// Of the line with this id, which has a handler. A glance.
[[nodiscard]] LineCounts counts_of(LineId line);
/// Calls fn(counts) for every line that has a handler. A glance.
void for_each_line(void (*fn)(const LineCounts& counts));

} // namespace irq
