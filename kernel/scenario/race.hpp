// SPDX-License-Identifier: BSD-2-Clause
// race: small programs for the race finder (`make explore SCENARIO=race CASE=…`), each about one
// promise that must hold under every schedule.
//
// What makes a program searchable: it is short; the number of its LWPs is small; it waits for
// others by sleeping, never by counting loops; and what it checks is true in every order of events,
// not only in the likely one (docs/how-to/explore.md).
//
// Rules
//   - A case plays once per boot. Its check()s hold under every schedule; what must never be seen
//     in between is an ASSERT.
//   - A mutex that a handler, a softint or a callout enters is initialised with their level: in
//     model=classic, where they have no LWP that could wait, it spins, and nobody sleeps with it.
// Read next: race.cpp
#pragma once

#include "scenario/scenario.hpp"
#include "sched/priority.hpp"
#include "sync/mutex.hpp"

#include <initializer_list>

namespace scenario {

constexpr unsigned anywhere = ~0u;

struct Member {
    const char* name;
    unsigned hart; // modulo the harts that there are, or anywhere
    void (*play)();
    sched::Priority priority = sched::kernel_priority;
};

/// Spawns them, each bound to its hart, and waits until all have returned from play().
void play_together(std::initializer_list<Member> members);

/// Holds on to the mutex, for others to want it meanwhile: asleep, unless it spins.
void linger(const sync::Mutex& held);

// The cases, each in the file of what it is about.
void race_mutex();
void race_reader_writer();
void race_read_mostly();
void race_inheritance();
void race_kernel_lock();
void race_condition();
void race_baton();
void race_handler();
void race_softint();
void race_callout();
void race_own_hart();
void race_self_arming();
void race_moving();
void race_locked_callout();
void race_freed_callout();
void race_timeout();
void race_detach();
void race_controller();
void race_route();
void race_owed();
void race_stray();
void race_console();
void race_disestablish();
void race_spin_mutex();
void race_order();
void race_circle();
void race_readers_circle();
void race_flags_plain();
void race_flags_swapped();
void race_message_plain();
void race_message_published();

} // namespace scenario
