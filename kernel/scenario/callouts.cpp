// SPDX-License-Identifier: BSD-2-Clause
// Callouts, fast and slow, with every lock, and what a stop means in each window of a run (S4.1 …
// S4.7; S1.1, S1.4, S1.5, S1.11, S1.15 … S1.18).
//
//   speed × lock      the function runs where it should, with its lock held in the mode asked for
//   a mutex in use    the function blocks, its victim goes on, and it comes back when it can
//   windows           pending, waiting for the lock, inside, over: stop says what it found
//   self-control      a function stops, arms and drains itself, and never waits
//   moving            a callout goes to another hart while it is pending
//
// Windows 1 and 2, a few instructions each, are met on purpose only on the simulated machine
// (tests/unit/callout_window_test.cpp); here only by chance.
#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/model.hpp"
#include "hart/preempt.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"

namespace scenario {

namespace {

using callout::Interlock;
using callout::Result;
using callout::Speed;
using trace::Hold;

constinit callout::Callout timer;
constinit sync::Mutex mutex;
constinit sync::RwLock rw;
constinit sync::ReadMostlyLock read_mostly;
constinit hart::SpinMutex spin{"callouts: spin", hart::ipl::clock};
constinit hart::Cell<u32> calls, wrong_place, without_lock;

void wait_for_calls(u32 count) {
    while (calls.peek() < count)
        callout::pause(1);
}

// ---- speed × lock -------------------------------------------------------------------------------

struct Row {
    const char* name;
    Speed speed;
    Interlock lock;
    bool (*held)();
};

constinit const Row* row = nullptr;

void look_around(void*) {
    bool fast = hart::self().in_timer;
    if (fast != (row->speed == Speed::fast))
        wrong_place.add(1);
    if (!fast && hart::is_threaded(hart::ipl::softclock)
        && sched::current().kind != sched::LwpKind::softint)
        wrong_place.add(1); // S1.5: curlwp is the softclock LWP
    if (!row->held())
        without_lock.add(1);
    calls.add(1);
}

void play(const Row& one) {
    row = &one;
    calls.set(0);
    timer.init(one.name, one.speed, one.lock);
    static_cast<void>(timer.reset(1, look_around, nullptr));
    wait_for_calls(1);
    static_cast<void>(timer.halt());
    timer.destroy();
}

void play_table() {
    phase("fast and slow callouts, with every lock");
    const Row rows[] = {
        {"slow", Speed::slow, {}, [] { return true; }},
        {"fast", Speed::fast, {}, [] { return true; }},
        {"slow, spin", Speed::slow, spin, [] { return spin.held(); }},
        {"fast, spin", Speed::fast, spin, [] { return spin.held(); }},
        {"slow, mutex", Speed::slow, mutex, [] { return mutex.owned(); }},
        {"slow, rw write", Speed::slow, {rw, Hold::exclusive}, [] { return rw.write_held(); }},
        {"slow, rw read", Speed::slow, {rw, Hold::shared}, [] { return rw.read_held(); }},
        {"slow, rm write",
         Speed::slow,
         {read_mostly, Hold::exclusive},
         [] { return read_mostly.write_held(); }},
        {"slow, rm read",
         Speed::slow,
         {read_mostly, Hold::shared},
         [] { return read_mostly.read_held(); }},
    };
    u32 played = 0;
    for (const Row& one : rows) {
        bool sleeps = one.lock.any() && one.lock.can_be_given_back();
        bool reads_mostly = one.lock.any() && one.lock.is(Interlock(read_mostly, Hold::shared));
        if ((sleeps || reads_mostly) && !hart::is_threaded(hart::ipl::softclock))
            continue; // model=classic: softclock has no LWP that could wait for such a lock
        play(one);
        played++;
    }
    check("each ran in the softclock LWP or in the timer interrupt", wrong_place.peek() == 0,
          wrong_place.peek());
    check("each had its lock when it was entered", without_lock.peek() == 0, played);
}

// ---- a mutex in use, and the windows ------------------------------------------------------------

void count_call(void*) {
    calls.add(1);
}

/// The callout is in flight, and waits for the mutex that we hold.
void let_it_wait() {
    static_cast<void>(timer.schedule(1));
    while (timer.pending())
        callout::pause(1); // its timeout is a fast callout: it does not stand behind ours
}

void play_windows() {
    phase("a callout waits for a mutex that is in use; stop says what it finds");
    calls.set(0);
    timer.init("waits", Speed::slow, mutex);
    static_cast<void>(timer.reset(9, count_call, nullptr));
    check("stopped while pending: cancelled", timer.stop() == Result::cancelled);
    check("stopped again: not pending", timer.stop() == Result::not_pending);
    {
        sync::MutexGuard guard(mutex);
        let_it_wait();
        check("stopped while it waits for its lock: cancelled", timer.stop() == Result::cancelled);
    }
    static_cast<void>(timer.drain());
    check("then its function is not called", calls.peek() == 0, calls.peek());
    {
        sync::MutexGuard guard(mutex);
        let_it_wait();
        check("armed while it waits for its lock: cancelled",
              timer.schedule(2) == Result::cancelled);
    }
    wait_for_calls(1);
    static_cast<void>(timer.drain());
    {
        sync::MutexGuard guard(mutex);
        let_it_wait(); // and now it is let go
    }
    wait_for_calls(2);
    static_cast<void>(timer.halt());
    check("it came when the mutex was free, once", calls.peek() == 2, calls.peek());
    timer.destroy();
}

constinit sync::Mutex gate;

void pass_gate(void*) {
    calls.add(1);
    sync::MutexGuard guard(gate);
}

void play_inside() {
    phase("stopped inside its function: it says so, and halt waits");
    calls.set(0);
    timer.init("inside");
    gate.enter();
    static_cast<void>(timer.reset(1, pass_gate, nullptr));
    wait_for_calls(1);
    check("stopped inside: running", timer.try_stop() == Result::running);
    check("it is not active any more", !timer.active());
    check("halted with the mutex that it wants as interlock: running",
          timer.halt(gate) == Result::running);
    check("the interlock is held again", gate.owned());
    gate.exit();
    check("after halt: not pending", timer.stop() == Result::not_pending);
    timer.destroy();
}

// ---- itself, and elsewhere ----------------------------------------------------------------------

constexpr u32 rounds = 50;
constinit hart::Cell<u32> bad_answers;
constinit callout::Ticks due_next = 0;

void control_itself(void*) {
    if (due_next != 0 && callout::ticks() < due_next)
        bad_answers.add(1); // too early
    if (timer.stop() != Result::running || timer.halt() != Result::running)
        bad_answers.add(1);
    callout::Ticks interval = 1 + calls.peek() % 3;
    due_next = callout::ticks() + interval;
    if (calls.add(1) + 1 < rounds && timer.schedule(interval) != Result::running)
        bad_answers.add(1);
}

void play_self_control() {
    phase("a function stops, halts and arms its own callout, and never waits");
    calls.set(0);
    timer.init("itself");
    static_cast<void>(timer.reset(1, control_itself, nullptr));
    wait_for_calls(rounds);
    static_cast<void>(timer.halt());
    check("each call had the answers and the interval that it asked for", bad_answers.peek() == 0,
          bad_answers.peek());
    check("the last one did not arm it again", calls.peek() == rounds, calls.peek());
    timer.destroy();
}

constinit hart::Cell<u32> ran_on;

void note_hart(void*) {
    ran_on.set(hart::here());
    calls.add(1);
}

void play_moves() {
    phase("a callout that is pending moves to the hart that it is armed on");
    calls.set(0);
    timer.init("moves");
    u32 astray = 0;
    for (u32 number = 0; number < hart::hart_count; number++) {
        static_cast<void>(timer.reset_on((number + 1) % hart::hart_count, 200, note_hart, nullptr));
        if (timer.schedule_on(number, 1) != Result::cancelled)
            astray++;
        wait_for_calls(number + 1);
        astray += ran_on.peek() != number;
        // The function has counted, but may not have returned; then the next answer is `running`.
        static_cast<void>(timer.halt());
    }
    check("each ran where it was armed last", astray == 0, astray);
    static_cast<void>(timer.halt());
    timer.destroy();
}

} // namespace

void callouts() {
    mutex.init("callouts: mutex");
    gate.init("callouts: gate");
    rw.init("callouts: rw");
    read_mostly.init("callouts: rm");
    play_table();
    if (hart::is_threaded(hart::ipl::softclock)) {
        play_windows();
        play_inside();
    }
    play_self_control();
    play_moves();
}

} // namespace scenario
