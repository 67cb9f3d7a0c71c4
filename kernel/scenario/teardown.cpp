// SPDX-License-Identifier: BSD-2-Clause
// Who frees an object with a callout in it (S4.10 … S4.15)?
//
//   case=naive   the old way, done wrong: free at once because stop has returned. The function is
//                in the middle, and finds its object gone. (Here the object only says that it is
//                gone: its memory stays, so that the function can tell.)
//   case=old     the old way, done right: whoever is told `running` leaves the freeing to the
//                function. Each user of a callout has to work that out anew.
//   case=async   if (callout_drain_async(c, free)) free_now();   right, and the same everywhere
//   case=toy     a protocol of many connections whose teardown never waits: it is done with
//                preemption disabled, where anything that sleeps or blocks would panic.
//   case=all     (the default) all of them
//
// Each object must be freed exactly once, and never while its function runs.
#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/model.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

using callout::Result;

constinit sync::Mutex gate; // held: whoever is inside stays there

struct Connection {
    callout::Callout timer;
    hart::Cell<u32> freed;
    hart::Cell<u32> used_after; // times that the function met a freed connection
    hart::Cell<u32> calls;
    hart::Cell<u32> closing; // case=old: the function is to free it
};

void free_connection(void* argument) {
    static_cast<Connection*>(argument)->freed.add(1);
}

void on_timer(void* argument) {
    auto& connection = *static_cast<Connection*>(argument);
    connection.calls.add(1);
    { sync::MutexGuard guard(gate); }
    if (connection.freed.peek() != 0)
        connection.used_after.add(1);
    if (connection.closing.swap(0) == 1)
        free_connection(argument);
}

/// A connection whose function is in the middle, because we hold the gate.
void let_it_fire(Connection& connection) {
    connection.timer.init("connection");
    gate.enter();
    static_cast<void>(connection.timer.reset(1, on_timer, &connection));
    while (connection.calls.peek() == 0)
        callout::pause(1);
}

void settle(Connection& connection) {
    gate.exit();
    static_cast<void>(connection.timer.halt());
    callout::pause(1);
}

void play_naive() {
    phase("the naive way: stop has returned, so the object is freed");
    static constinit Connection connection;
    let_it_fire(connection);
    static_cast<void>(connection.timer.stop()); // and the answer is not looked at
    free_connection(&connection);
    settle(connection);
    check("the function was running, and found its object freed", connection.used_after.peek() == 1,
          connection.used_after.peek());
}

void play_old() {
    phase("the old way: who is told that it runs leaves the freeing to the function");
    static constinit Connection connection;
    let_it_fire(connection);
    connection.closing.set(1);
    if (connection.timer.try_stop() != Result::running && connection.closing.swap(0) == 1)
        free_connection(&connection);
    settle(connection);
    check("it was freed once, after its function",
          connection.freed.peek() == 1 && connection.used_after.peek() == 0);
}

void play_async() {
    phase("drain_async: true, and the caller frees; false, and the callback will");
    static constinit Connection busy, idle;
    let_it_fire(busy);
    bool now = busy.timer.drain_async(free_connection, &busy);
    check("its function is in the middle: false", !now);
    check("it is not freed yet", busy.freed.peek() == 0);
    settle(busy);
    while (busy.freed.peek() == 0)
        callout::pause(1); // by whoever ran the function, a moment after it has returned
    check("it was freed once, after its function",
          busy.freed.peek() == 1 && busy.used_after.peek() == 0, busy.freed.peek());
    idle.timer.init("idle connection");
    static_cast<void>(idle.timer.reset(50, on_timer, &idle));
    check("nothing is in flight: true", idle.timer.drain_async(free_connection, &idle));
}

// ---- a toy protocol -----------------------------------------------------------------------------

constexpr u32 connections = 64;
constinit Connection table[connections] = {};

void retransmit(void* argument) {
    auto& connection = *static_cast<Connection*>(argument);
    connection.calls.add(1);
    if (connection.freed.peek() != 0)
        connection.used_after.add(1);
    if (connection.calls.peek() % 3 != 0)
        static_cast<void>(connection.timer.schedule(1)); // refused while it is drained
}

void close(Connection& connection) {
    hart::PreemptGuard no_waiting; // here anything that waits would panic (S4.15)
    if (connection.timer.drain_async(free_connection, &connection))
        free_connection(&connection);
}

void play_toy() {
    phase("a protocol of many connections that are torn down without waiting");
    Random random(3);
    for (Connection& connection : table) {
        connection.timer.init("toy connection",
                              random.below(2) == 0 ? callout::Speed::slow : callout::Speed::fast);
        static_cast<void>(
            connection.timer.reset_on(static_cast<u32>(random.below(hart::hart_count)),
                                      1 + random.below(4), retransmit, &connection));
    }
    for (Connection& connection : table) {
        callout::Ticks until = callout::ticks() + random.below(2);
        while (callout::later(until, callout::ticks()))
            arch::relax();
        close(connection);
    }
    u32 open = 1;
    for (u32 waited = 0; open != 0 && waited < 20; waited++) {
        callout::pause(1);
        open = 0;
        for (const Connection& connection : table)
            open += connection.freed.peek() == 0;
    }
    u32 twice = 0, calls = 0;
    for (const Connection& connection : table) {
        twice += connection.freed.peek() != 1 || connection.used_after.peek() != 0;
        calls += connection.calls.peek();
    }
    check("each connection was freed exactly once, and not under its function", twice == 0, twice);
    check("their timers fired meanwhile", calls > 0, calls);
}

} // namespace

void teardown() {
    struct Case {
        const char* name;
        void (*play)();
        bool needs_lwp; // of softclock, to wait at the gate
    };
    constexpr Case cases[] = {{"naive", play_naive, true},
                              {"old", play_old, true},
                              {"async", play_async, true},
                              {"toy", play_toy, false}};
    gate.init("gate");
    bool found = false;
    for (const Case& one : cases) {
        if (chosen_case() != "all" && chosen_case() != one.name)
            continue;
        found = true;
        if (one.needs_lwp && !hart::is_threaded(hart::ipl::softclock))
            phase("model=classic: a function of softclock cannot wait at a gate");
        else if (one.play == play_naive && callout::policy != callout::Policy::halt)
            phase("callout=wait and spin: this stop would wait for whom we keep waiting");
        else
            one.play();
    }
    if (!found)
        refuse_case(names_of(cases));
}

} // namespace scenario
