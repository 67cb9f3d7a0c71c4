// SPDX-License-Identifier: BSD-2-Clause
// Who runs callouts: each hart has two executors, each with a wheel of its own.
//
//   slow   the softclock LWP: the function may wait for a lock           (most callouts)
//   fast   the timer interrupt itself: it may not, but nothing delays it (S4.1)
//
// One run of a callout is this, the softclock_call_cc of S4.7. [ ] is a critical section of the
// clock's spin mutex; outside of it stop, reset and drain may come in from other harts:
//
//   [ take ]  window 1  lock.enter  [ enter ]  function  [ exit ]  lock.exit  window 2  [ done ]
//     │                                │                    │                              │
//   Phase::taken                     entered             returned                        none
//
// Until `enter` the run can still be called off, by a flag: then the function is skipped (S4.7).
// Once entered it cannot, and a stop says `running`; but who holds the callout's lock exclusively
// cannot meet a function that is entered, so for him every stop is definitive. Without a lock a
// callout is taken and entered in one step.
//
// From `take` on the run needs nothing of the callout any more: function, argument and lock have
// been copied. So the function may free the callout, and so may whoever has called the run off.
//
// Rules
//   - All fields are protected by the lock of the clock that the executor belongs to.
// Invariants
//   (1) phase is not `none` exactly while a run is under way. Then `running` names its callout,
//       unless that was destroyed meanwhile, and nobody else may look into *running.
//   (2) `completions` has counted a run's end before anybody is woken for it.
//   (3) A callout that is armed while it is in flight goes on the wheel of the hart where it runs:
//       so one lock is enough to see both. If another hart was wished for, `move_to` remembers it,
//       and the move is made at the end of the run. (FreeBSD calls that a deferred migration; there
//       the callout is on no list until then, a rich source of bugs.)
// Why are `completions` needed? Who waits for a function holds the clock's lock when it sees the
// function run, but sched::lock when it goes to sleep, and cannot hold both across the switch. The
// count, compared under sched::lock, tells whether the end fell in between.
// Read next: run.cpp
#pragma once

#include "callout/interlock.hpp"
#include "callout/wheel.hpp"
#include "hart/cell.hpp"
#include "sched/sleep_queue.hpp"

namespace callout {

class Callout;
using Function = void (*)(void* argument);

/// S4.1.
enum class Speed : u8 { slow, fast };

enum class Phase : u8 { none, taken, entered, returned };

struct Executor {
    /// What drain_async wants done when the run is over.
    struct Sequel {
        Function function = nullptr;
        void* argument = nullptr;
    };
    /// As counted since boot, for the monitor and for scenarios.
    struct Counts {
        u64 runs = 0;
        u64 skipped = 0; // called off in time
        u64 late = 0;    // begun after the tick at which they were due
        u64 slow = 0;    // took longer than was good
    };
    static constexpr u32 stays = ~u32{0};

    constexpr Executor(Speed speed, Wheel& wheel)
        : wheel(wheel)
        , speed(speed) {}

    Wheel& wheel;
    const Speed speed;

    // ---- the run that is under way --------------------------------------------------------------
    Phase phase = Phase::none;           // (1)
    Callout* running = nullptr;          // (1)
    sched::Lwp* runner = nullptr;        // slow: the softclock LWP; fast: nobody in particular
    const sched::Guest* guest = nullptr; // model=classic: softclock has no LWP, but is a guest
    bool called_off = false;             // while `taken`: the function is not to be called
    bool draining = false;               // nobody may arm the callout before the run is over
    bool awaited = false;                // somebody sleeps, or is about to, until it is over
    bool id_is_free = false;    // the callout was destroyed: nobody needs its id after the run
    u32 move_to = stays;        // (3)
    Sequel sequel;              // if drained asynchronously
    const char* name = nullptr; // of the callout
    // For the lock checker: the functions of this run and of the last one in turn, so that who is
    // just about to notice that a run is over does not seem to wait for the next one.
    lockcheck::Record records[2] = {lockcheck::ready("", lockcheck::Nature::function, 0),
                                    lockcheck::ready("", lockcheck::Nature::function, 0)};
    hart::Cell<sched::Lwp*> spinning; // callout=spin: who burns time until it is over

    hart::Cell<u64> completions; // (2)
    sched::SleepQueue waiters;
    hart::Cell<u64> burnt; // callout=spin: clock ticks of the machine that waiters have spent
    u64 limit = 0;         // clock ticks of the machine that a function may take before it is told
    Counts counts;

    [[nodiscard]] lockcheck::Record& record(u64 run) { return records[run % 2]; }
    [[nodiscard]] bool has_in_flight(const Callout& callout) const {
        return running == &callout; // (1)
    }
    /// The function of this callout is being called, or nobody can keep it from being.
    [[nodiscard]] bool is_inside(const Callout& callout) const {
        return has_in_flight(callout) && !called_off && phase != Phase::taken;
    }
    /// It is the current context that runs (this clock's lock held).
    [[nodiscard]] bool is_self() const;
};

} // namespace callout
