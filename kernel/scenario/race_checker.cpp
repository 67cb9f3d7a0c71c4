// SPDX-License-Identifier: BSD-2-Clause
// race, the lock checker (boot parameter lockcheck=on): what it must say, under every schedule.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

constinit sync::Mutex left, right, shared;
constinit hart::Cell<u32> received;
constinit bool inside = false; // protected by `shared`

void enter_both(sync::Mutex& first, sync::Mutex& then) {
    sync::MutexGuard outer(first);
    callout::pause(1);
    sync::MutexGuard inner(then);
}

void left_then_right() {
    enter_both(left, right);
}

void right_then_left() {
    enter_both(right, left);
}

/// In the handler: spins for whoever is inside, on another hart.
void on_byte(u8) {
    sync::MutexGuard guard(shared);
    ASSERT(!inside);
    received.add(1);
}

/// The handler must not come before we are out: it would spin for its own victim.
void interrupt_inside() {
    sync::MutexGuard guard(shared);
    inside = true;
    dev::uart.loop('1');
    inside = false;
}

} // namespace

void race_spin_mutex() {
    shared.init("shared", hart::ipl::serial);
    dev::uart.set_receiver(on_byte);
    play_together({{"victim", 0, interrupt_inside}, {"other", 1, interrupt_inside}});
    while (received.get() < 2)
        callout::pause(1);
    dev::uart.set_receiver(nullptr);
    check("both bytes came", true);
}

void race_order() {
    left.init("left");
    right.init("right");
    play_together({{"a", 0, left_then_right}});
    play_together({{"b", 1, right_then_left}});
    u32 reports = hart::reports(trace::ReportKind::lock_order);
    check("the checker knows both orders, though nobody waited", reports == 1, reports);
    left.destroy();
    right.destroy();
}

void race_circle() {
    left.init("left");
    right.init("right");
    play_together({{"a", 0, left_then_right}, {"b", 1, right_then_left}});
}

} // namespace scenario
