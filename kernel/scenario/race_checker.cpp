// SPDX-License-Identifier: BSD-2-Clause
// race, the lock checker (boot parameter lockcheck=on): what it must say, under every schedule.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"
#include "sync/rw_lock.hpp"

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

// ---- a mutex and a reader -----------------------------------------------------------------------

constinit sync::RwLock book;
constinit hart::Cell<u32> arrived;

void wait_for_the_other() {
    arrived.add(1);
    while (arrived.get() < 2)
        callout::pause(1);
}

void lock_then_write(void*) {
    left.enter();
    wait_for_the_other();
    book.enter(sync::Hold::exclusive);
}

void read_then_lock(void*) {
    book.enter(sync::Hold::shared);
    wait_for_the_other();
    left.enter();
}

const sched::Lwp& spawn_one(const char* name, unsigned hart, void (*entry)(void*)) {
    return sched::spawn({.name = name, .home = hart::hart_id(hart % hart::hart_count)}, entry,
                        nullptr);
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

// The turnstiles see who owns a mutex, but not who reads: only the walk closes this circle. Both
// see it if both begin to wait at once.
void race_readers_circle() {
    left.init("left");
    book.init("book");
    const sched::Lwp& writer = spawn_one("writer", 0, lock_then_write);
    const sched::Lwp& reader = spawn_one("reader", 1, read_then_lock);
    auto waits = [](const sched::Lwp& lwp) { return lwp.state.peek() == sched::LwpState::blocked; };
    while (!waits(writer) || !waits(reader))
        callout::pause(1);
    u32 reports = hart::reports(trace::ReportKind::deadlock);
    check("the checker knows who waits for whom", reports == 1 || reports == 2, reports);
}

void race_circle() {
    left.init("left");
    right.init("right");
    play_together({{"a", 0, left_then_right}, {"b", 1, right_then_left}});
}

} // namespace scenario
