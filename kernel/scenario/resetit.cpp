// SPDX-License-Identifier: BSD-2-Clause
// resetit(): the deadlock that Doran and Laight argued about (S1.13, S1.14).
//
//   resetit()                                   mycallout()
//     mutex_enter(&lock)                          mutex_enter(&lock)     waits for resetit
//     callout_reset(&ch, …)  waits for mycallout  …
//     mutex_exit(&lock)                           mutex_exit(&lock)
//
//   case=corrected    as meant. callout=halt: harmless, because reset does not wait.
//                     callout=wait: a deadlock, found and told. callout=spin: the same, if the
//                     function is on another hart (and lockcheck=on, because both spin); on its own
//                     hart the reset of 2006 does not wait.
//   case=literal      as printed, where mycallout() enters the lock a second time instead of
//                     leaving it: "owns already", under every policy.
//   case=associated   the lock is the callout's own: no function can be in the middle while we hold
//                     it, so there is nothing to wait for, under any policy.
//   case=all          (the default) corrected and associated.
//
// In model=classic softclock has no LWP that could wait for a lock, and the question does not
// arise.
#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/model.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

#include <algorithm>
#include <iterator>

namespace scenario {

namespace {

using callout::Result;

constexpr u32 rounds = 12; // each computes for about a tick, which takes QEMU its time
constinit callout::Callout ch;
constinit sync::Mutex lock;
constinit hart::Cell<u32> begun, ended;

void mycallout(void*) {
    begun.add(1);
    lock.enter();
    ended.add(1);
    lock.exit();
}

void mycallout_as_printed(void*) {
    begun.add(1);
    lock.enter();
    lock.enter(); // "surely meant exit"
}

void mycallout_with_lock(void*) {
    ended.add(1);
}

/// On another hart than ours, if there is one, so that a reset that spins has something to spin
/// for.
u32 its_hart() {
    return (hart::here() + 1) % hart::hart_count;
}

void resetit() {
    static_cast<void>(ch.reset_on(its_hart(), 1, mycallout, nullptr));
    u32 before = begun.peek();
    lock.enter();
    for (callout::Ticks until = callout::ticks() + 3;
         begun.peek() == before && callout::later(until, callout::ticks());)
        arch::relax(); // until mycallout() is in the middle, and wants the lock
    static_cast<void>(ch.reset(2, mycallout, nullptr));
    lock.exit();
}

void play_corrected() {
    phase("resetit() holds the lock that mycallout() wants, and arms its callout again");
    ch.init("ch");
    for (u32 round = 0; round < rounds; round++)
        resetit();
    static_cast<void>(ch.halt());
    check("every function that began has ended", begun.peek() == ended.peek(), ended.peek());
    check("and some were in the middle of it", begun.peek() > 0, begun.peek());
    ch.destroy();
}

void play_literal() {
    phase("mycallout() as printed enters its lock twice");
    ch.init("ch");
    static_cast<void>(ch.reset(1, mycallout_as_printed, nullptr));
    callout::pause(5);
    check("it was caught", false);
}

void play_associated() {
    phase("with the lock as the callout's own, a reset finds no function in the middle");
    ch.init("ch with lock", callout::Speed::slow, lock);
    u32 running = 0;
    for (u32 round = 0; round < rounds; round++) {
        static_cast<void>(ch.reset_on(its_hart(), 1, mycallout_with_lock, nullptr));
        callout::Ticks until = callout::ticks() + round % 3;
        sync::MutexGuard guard(lock);
        while (callout::later(until, callout::ticks()))
            arch::relax();
        running += ch.reset(2, mycallout_with_lock, nullptr) == Result::running;
    }
    static_cast<void>(ch.halt());
    check("no reset met a function that ran", running == 0, running);
    ch.destroy();
}

} // namespace

void play_resetit() {
    std::string_view play = chosen_case();
    constexpr const char* others[] = {"corrected", "literal", "associated"};
    if (play != "all" && std::find(std::begin(others), std::end(others), play) == std::end(others))
        return refuse_case(others);
    if (!hart::is_threaded(hart::ipl::softclock))
        return phase("model=classic: softclock has no LWP, and cannot wait for a lock");
    lock.init("lock");
    if (play == "literal")
        return play_literal();
    if (play != "associated")
        play_corrected();
    if (play != "corrected")
        play_associated();
}

} // namespace scenario
