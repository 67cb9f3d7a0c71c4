// SPDX-License-Identifier: BSD-2-Clause
// Stopping the machine from within: every other hart stands still while one looks at everything.
//
//   hart A: stop_machine(fn)              hart B
//     B owes `stand`, IPI   ───────────▶  on_ipi → settle(): holds no spin mutex, so its part of
//     waits until all stand  ◀──────────  every structure agrees with the events it has recorded
//     fn()                                stands, interrupts disabled
//     lets go               ───────────▶  goes on
//
// Rules
//   - stop_machine(): masked, no spin mutex held. Called by settle() (owed_story), which is such a
//     place.
//   - A hart that waits for another one with interrupts disabled must hold no spin mutex and be
//     reached by settle() all the same; nothing in this kernel does.
// Read next: stop.cpp, monitor/snapshot.hpp
#pragma once

namespace hart {

/// Calls fn() while every other hart stands still. Two harts that want to stop each other take
/// turns.
void stop_machine(void (*fn)());

/// What a hart does that owes `owed_stand` (masked, no spin mutex held).
void stand_still();

/// What is called when a hart owes `owed_story`: set once by who can tell it.
void set_story(void (*story)());
void tell_story();

} // namespace hart
