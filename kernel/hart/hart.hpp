// SPDX-License-Identifier: BSD-2-Clause
// What a hart owes: work that could not be done when it came up.
//
// An interrupt line that was deferred, a pending softint, a request to switch to a more urgent LWP:
// each sets a bit in its hart's `owed` word. The bits are looked at where doing the work may have
// become possible again, and only there:
//
//   - at the end of each of the machine's three upcalls (return from interrupt),
//   - when the last spin mutex is released, when a level is lowered, when preemption is enabled,
//   - after a switch, because the next LWP arrives through the release of sched::lock,
//   - when a borrowed context comes back to its owner.
//
// All of them call pay_debts(), which is free if nothing is owed, and else settle()
// (irq/settle.cpp): deferred lines, then softints, then preemption. That is the whole "exit path".
//
// Rules
//   - `owed` may be set from any hart; only its own hart clears it, in settle() or below.
// Invariants
//   (1) While interrupts are enabled and no spin mutex is held, whatever is owed cannot be done
//       yet: the level is too high, preemption is refused, or no interrupt LWP is left.
// Read next: spin_mutex.hpp, irq/settle.cpp
#pragma once

#include "arch/current.hpp"
#include "hart/cell.hpp"
#include "trace/ids.hpp"

namespace hart {

enum Owed : u32 {
    owed_lines = 1,
    owed_softints = 2,
    owed_switch = 4,
    owed_stand = 8,        // stand still while another hart looks at everything (stop.hpp)
    owed_story = 16,       // a snapshot for the trace's reader (stop.hpp)
    owed_readers = 32,     // a writer asks for this hart's readers (sync/read_mostly.hpp)
    owed_kernel_lock = 64, // the current LWP gave kernel_lock up to wait (sync/kernel_lock.hpp)
    owed_changes = 128     // handlers are to be attached or detached here (irq/lines.cpp)
};

struct alignas(64) Hart {
    Cell<u32> owed;
    bool in_timer = false; // on_timer() runs, on the context of whoever was interrupted
    u8 base_level = 0;     // lines at or below it are held off, whoever runs (`mask=level`)
    u8 threshold = 0;      // what the controller was last told (spl.hpp)
    u32 spl_writes = 0;    // times it was told
};

extern constinit Hart harts[arch::max_harts];
/// Harts that this machine has, 1 … 8. Set once, before the first LWP runs.
extern constinit unsigned hart_count;

/// The number of this hart. Stable only while the LWP cannot be moved: interrupts disabled, spin
/// mutex held, preemption disabled, or a bound LWP.
inline unsigned here() {
    return arch::current().hart;
}
/// The same object; the compiler, which would rather compute where it is at each use, keeps the
/// address.
template <class T> inline T& computed_once(T& object) {
    T* address = &object;
    asm("" : "+r"(address));
    return *address;
}
inline Hart& self() {
    return computed_once(harts[here()]);
}
/// The current context is the timer interrupt. Masked for a moment: an LWP that is moved between
/// finding its hart and looking at it would see what another one does.
inline bool in_timer() {
    u64 saved = arch::irq_save();
    bool yes = self().in_timer;
    arch::irq_restore(saved);
    return yes;
}
inline trace::HartId hart_id(unsigned number) {
    return static_cast<trace::HartId>(number);
}

/// Does what this hart owes and can do now (masked, no spin mutex held). Other LWPs may run in
/// between, and the LWP may come back on another hart. True if it did something. Defined by
/// irq/settle.cpp.
bool settle();

/// settle() at the end of an upcall: masked; free if nothing is owed.
inline void settle_if_owed() {
    if (self().owed.peek() != 0)
        settle();
}

/// settle(), if this is a place for it: interrupts enabled, no spin mutex held, something owed.
inline void pay_debts() {
    if (self().owed.peek() == 0) [[likely]]
        return;
    if (!arch::irq_enabled() || arch::current().spin_depth != 0)
        return; // whoever enables interrupts again pays
    u64 saved = arch::irq_save();
    settle();
    arch::irq_restore(saved);
}

} // namespace hart
