// SPDX-License-Identifier: BSD-2-Clause
// What the parts of the simulation share: the harts, the clock, and who moves.
// Read next: moves.cpp
#pragma once

#include "fibre.hpp"
#include "simulation.hpp"

namespace arch::host {

struct SimulatedHart {
    sched::Lwp* lwp = nullptr;
    bool started = false;
    bool irq_enabled = false;
    bool waiting = false;
    bool ipi = false;
    u64 deadline = ~u64{0};
    Fibre at;     // where it stands while another hart moves
    Bounds stack; // that it runs on; belongs to whichever LWP that is
};

struct Simulation {
    Machine machine;
    SimulatedHart harts[max_harts];
    unsigned running = 0;
    Fibre outside;      // whoever switched the machine on
    u64 steps = 0;      // of all harts
    u64 jumped = 0;     // clock ticks that passed otherwise than by steps
    u64 restless = 0;   // steps since time passed by a jump
    u64 idle_jumps = 0; // of the clock, since an LWP was switched to
    u32 status = 0;
};

extern Simulation simulation;

inline SimulatedHart& mover() {
    return simulation.harts[simulation.running];
}

// ---- time (moves.cpp) ---------------------------------------------------------------------------

[[nodiscard]] u64 clock();
/// Ends the machine: back to whoever switched it on.
[[noreturn]] void end(u32 status);
/// The hart stands before an access to a shared word: others may come first.
void step(Access access, const void* word, const void* other);
/// An LWP was switched to: the machine is not idle.
inline void note_progress() {
    simulation.idle_jumps = 0;
}
/// Takes what is pending, if interrupts are enabled. The LWP may be on another hart afterwards.
void take_interrupts();

// ---- devices (plic.cpp, devices.cpp) ------------------------------------------------------------

/// True if the PLIC has something for this hart.
[[nodiscard]] bool plic_pending(unsigned hart);
/// A device's interrupt output, after each access to its registers. High: it wants service.
void drive_line(u32 line, bool high);
/// True if something announced can still happen; offers it.
bool offer_announced(Point& point);
void fire_announced(u32 line);
/// The clock jumps: no signal is late for ever.
void age_signals();
/// When the next alarm of a device rings; all ones: never.
[[nodiscard]] u64 device_deadline();
/// The clock has moved.
void ring_alarms();

// ---- stores on their way (store_buffer.cpp) -----------------------------------------------------

/// Everything that this hart has stored becomes visible.
void drain_stores(unsigned hart);
/// The oldest of them.
void drain_one_store(unsigned hart);
[[nodiscard]] bool has_held_stores(unsigned hart);

} // namespace arch::host
