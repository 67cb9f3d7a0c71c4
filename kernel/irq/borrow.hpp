// SPDX-License-Identifier: BSD-2-Clause
// Borrowing a context: how an interrupt or softint LWP runs without a switch, and what becomes of
// it when it must wait (S2.16 … S2.24).
//
//      victim        ───────┐ interrupt                    ┌──────────▶ goes on
//                           ▼ borrow()                     │
//      handler LWP          body ── completes ── finish() ─┤                        outcome 1
//                             ╲                            │
//                              ╲── blocks on a mutex ──────┘                        outcome 2
//                                       ╎
//                        mutex released ╎ make_runnable, on the home hart
//                                       ▼
//                              body goes on as an ordinary LWP … finish() ── mi_switch to another
//
// While the handler runs, it is the hart's current LWP, on its own stack, at its own level, with
// interrupts enabled; the victim is `pinned` beneath it. Nothing else about the victim changes.
// That is all there is to "an interrupt is a thread": no scheduler, no queue, a few stores.
//
// Rules
//   - borrow() is called with interrupts disabled and no spin mutex of level high held; any LWP may
//     be the victim: user, kernel, idle, or another handler.
//   - Handler LWPs are bound to their hart.
// Invariants
//   (1) A handler LWP is idle before borrow() and after finish(), and its stack is then empty.
//   (2) In both outcomes borrow() returns to the victim, as its current LWP, interrupts disabled.
// Why not mi_switch to the handler, as in FreeBSD? In the common case, a handler that completes,
// the scheduler would be asked twice to confirm what is known (S2.14). `model=thread` shows the
// price: create_thread() makes LWPs that do the same work and wait for their turn.
// Read next: borrow.cpp, dispatch.cpp
#pragma once

#include "sched/lwp.hpp"

namespace irq {

/// Runs body(&handler) on `handler`, on top of the current LWP (masked). Returns when the body has
/// called finish() and returned, or when it has blocked: then true.
bool borrow(sched::Lwp& handler, hart::ipl::Level level, void (*body)(void*));

/// The end of a body (masked). With a victim: makes it current again, and the body must return at
/// once. Without, it had blocked: this LWP idles and another one runs; never returns. In the LWP of
/// create_thread() it returns when there is work again.
void finish(sched::Lwp& handler);

/// An LWP that is a handler in its own right (`model=thread`): idle until somebody makes it
/// runnable, then it calls body(itself), masked; and so for ever. Takes sched::lock.
sched::Lwp& create_thread(const sched::Birth& birth, void (*body)(void*));

/// Makes the LWP of create_thread() runnable, on its home hart (masked). It may be on its last
/// steps to being idle on another hart, if its home has just changed.
void wake_thread(sched::Lwp& handler);

} // namespace irq
