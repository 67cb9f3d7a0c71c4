// SPDX-License-Identifier: BSD-2-Clause
// The scheduler: which LWP runs on which hart, and the one lock that all waiting is protected by.
//
//                   make_runnable                    mi_switch
//   waiting LWP ───────────────────▶ run queue ───────────────────▶ hart
//        ▲                           (per hart)                       │
//        └──────────────── sleep(), block() ◀────────────────────────┘
//
// sched::lock protects every LWP's state and every queue that an LWP can wait on: run queues, sleep
// queues, turnstiles. mi_switch() is called with it held and comes back with it held; in between,
// the LWPs that run release and take it, each through its own guard. So an LWP is never seen by
// another hart before its registers are saved, and a wake-up can never fall between "I am on the
// queue" and "I have switched".
//
// When does a more urgent LWP get the hart? make_runnable() compares it with the LWP *underneath*
// (`onproc`: what mi_switch chose, below all borrowed contexts), notes the wish in `owed` and sends
// an IPI if the hart is another one. The switch itself happens where debts are paid
// (hart/hart.hpp): at the releaser's last spin mutex release, or on return from interrupt. This is
// the grown-up form of "sleepq_wake calls preempt" (S2.23).
//
// Rules
//   - sched::lock is of level high. It comes after the callout wheels' locks and before the
//     trace's.
//   - With it held: no mutex, no driver, nothing that takes long.
// Invariants
//   (1) At mi_switch the LWP holds one spin mutex, sched::lock, has preemption enabled and no
//       victim.
//   (2) onproc of a hart is its current LWP, or lies pinned at the bottom of what borrows it.
//   (3) An idle LWP is on no queue; it runs exactly when its hart's run queue was empty.
// Why not a lock per queue, as in NetBSD? Walking a chain of lenders then needs two of them at a
// time in an order that the chain does not have; NetBSD tries, backs off, and says in a comment
// that there may be a livelock. One lock makes inheritance, wake-up and switch each a single step
// that can be stopped at and looked at. It is held for a few hundred instructions; with at most
// eight harts that is a price worth paying, and the only price.
// Read next: sched.cpp, then preempt.cpp, sleep_queue.hpp, sync/turnstile.hpp
#pragma once

#include "hart/spin_mutex.hpp"
#include "sched/run_queue.hpp"

namespace sched {

extern constinit hart::SpinMutex lock;

/// What the scheduler knows of a hart. Protected by sched::lock.
struct Local {
    Lwp* idle = nullptr;             // null until the hart is on line
    Lwp* onproc = nullptr;           // (2)
    Priority wanted = idle_priority; // of the most urgent LWP that a switch was asked for
    bool quantum_over = false;
    bool refusal_noted = false; // the refusal of the present wish has been reported
    u64 switches = 0;
    u64 preemptions = 0;
    u64 refusals[5] = {}; // by trace::Refusal
    u64 steals = 0;
    RunQueue queue; // last, so that the rest is near the beginning
};
extern constinit Local locals[arch::max_harts];

inline Local& local() {
    return hart::computed_once(locals[hart::here()]);
}

// ---- moving LWPs (lock held) --------------------------------------------------------------------

/// Puts an LWP that waits for nothing any more on a run queue: that of its home hart, or else where
/// it ran last, or else that of an idle hart. Asks the hart to switch if the LWP is more urgent.
void make_runnable(Lwp& lwp, Place place = Place::tail);

/// Puts the current LWP, which is about to leave, on the run queue of this hart, and wakes a hart
/// that has nothing to do, which will steal it. mi_switch() must follow.
void put_back(Place place);

/// Gives the hart to the most urgent runnable LWP, or to the idle LWP. The caller has put the
/// current LWP where it belongs; if that is the run queue, it has looked that somebody comes before
/// it there. Returns when the LWP is chosen again, possibly on another hart.
void mi_switch(SwitchReason why);

/// Leaves the hart to wait for a lock: the current LWP is in a turnstile, in state blocked. An
/// interrupt or softint LWP gives the borrowed context back to its victim, which resumes at once
/// without mi_switch; any other LWP switches (S2.17, S2.18).
void block();

/// Gives an LWP another inherited priority and moves it on its run queue. False: nothing changed.
bool set_inherited(Lwp& lwp, Priority inherited);

/// Asks a hart to switch to `lwp`, if that is more urgent than what it runs and was asked for.
void request_switch(unsigned hart, Lwp& lwp);

// ---- by the current LWP -------------------------------------------------------------------------

/// Lets LWPs of the same or a higher priority run first (yield(9)). Ordinary LWPs only, no spin
/// mutex held. Returns at once if there is none.
void yield();

/// Switches to a more urgent LWP if one is wanted and nothing refuses (masked, no spin mutex held
/// by the caller's own hand). True if other LWPs may have run meanwhile. Called by hart::settle().
bool preempt_if_wanted();

/// The current LWP's quantum, at a tick of this hart (masked, in the timer interrupt).
void tick();

// ---- bringing harts up --------------------------------------------------------------------------

/// Ticks for which an LWP keeps a hart while others of its priority wait.
constexpr u8 quantum_ticks = 2;

extern constinit bool preemption; // boot parameter `preempt`

/// Creates the idle LWP of a hart and puts the hart on line. By the boot hart, for itself first:
/// its idle LWP becomes the current one, on the stack that the hart boots on (masked).
Lwp& create_idle(unsigned hart);

/// The idle loop of this hart: run what is runnable, steal, else wait. Enables interrupts.
[[noreturn]] void idle();

} // namespace sched
