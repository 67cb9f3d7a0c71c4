// SPDX-License-Identifier: BSD-2-Clause
// race, the locks: mutual exclusion, and that nobody waits for ever.
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "scenario/contender.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/mutex.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"

namespace scenario {

namespace {

constexpr unsigned rounds = 2;

/// Who is inside, and how often somebody was.
struct Room {
    const sched::Lwp* inside = nullptr;
    u32 visits = 0;
};

class [[nodiscard]] Visit {
public:
    explicit Visit(Room& room)
        : room_(room) {
        ASSERT(room_.inside == nullptr);
        room_.inside = &sched::current();
        room_.visits++;
    }
    ~Visit() {
        ASSERT(room_.inside == &sched::current());
        room_.inside = nullptr;
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

private:
    Room& room_;
};

// ---- mutex --------------------------------------------------------------------------------------

constinit sync::Mutex mutex;
constinit Room room; // of the case that plays: each begins with an empty one

void visit() {
    for (unsigned i = 0; i < rounds; i++) {
        sync::MutexGuard guard(mutex);
        Visit here(room);
    }
}

/// The others find an owner that does not run, and block.
void sleep_inside() {
    sync::MutexGuard guard(mutex);
    Visit here(room);
    callout::pause(1);
}

// ---- readers and writers ------------------------------------------------------------------------

constinit sync::RwLock rw;
constinit hart::Cell<u32> reading;

constinit Contender the_writer;

void read_twice() {
    for (unsigned i = 0; i < rounds; i++) {
        bool after_the_writer = the_writer.waits();
        sync::ReadGuard guard(rw);
        reading.add(1);
        ASSERT(room.inside == nullptr);
        ASSERT(!after_the_writer || room.visits == 1);
        reading.add(~u32{0});
    }
}

void sleep_as_reader() {
    sync::ReadGuard guard(rw);
    reading.add(1);
    callout::pause(1);
    ASSERT(room.inside == nullptr);
    reading.add(~u32{0});
}

void write_once() {
    the_writer.comes();
    rw.enter(sync::Hold::exclusive);
    {
        Visit here(room);
        ASSERT(reading.peek() == 0);
    }
    rw.downgrade();
    ASSERT(room.inside == nullptr);
    rw.exit();
}

// ---- read-mostly --------------------------------------------------------------------------------

constinit sync::ReadMostlyLock mostly;

void read_mostly() {
    for (unsigned i = 0; i < rounds; i++) {
        sync::ReadMostlyLock::Tracker tracker;
        mostly.enter_read(tracker);
        reading.add(1);
        ASSERT(room.inside == nullptr);
        reading.add(~u32{0});
        mostly.exit_read(tracker);
    }
}

void write_mostly_read() {
    mostly.enter_write();
    {
        Visit here(room);
        ASSERT(reading.peek() == 0);
    }
    mostly.exit_write();
}

// ---- priority lending ---------------------------------------------------------------------------

constinit sync::Mutex inner, outer;

constinit Contender outer_waiter;

/// Owns two mutexes that others wait for, and gives them back one by one.
void own_both() {
    outer.enter();
    inner.enter();
    callout::pause(2);
    inner.exit();
    sched::Lwp& self = sched::current();
    if (outer_waiter.waits())
        ASSERT(self.effective() >= outer_waiter.urgency());
    outer.exit();
    ASSERT(self.effective() == self.own);
}

void want_inner() {
    sync::MutexGuard guard(inner);
}

void want_outer() {
    outer_waiter.comes();
    sync::MutexGuard guard(outer);
}

// ---- the big lock -------------------------------------------------------------------------------

constinit sync::Mutex hosts_mutex;
constinit sync::Condition visitor_came;
constinit bool came = false; // protected by `hosts_mutex`

/// Waits under kernel_lock for somebody who needs it.
void wait_for_visitor() {
    sync::kernel_lock.enter();
    { Visit here(room); }
    {
        sync::MutexGuard guard(hosts_mutex);
        while (!came)
            visitor_came.wait(hosts_mutex);
    }
    Visit again(room);
    sync::kernel_lock.exit();
}

void come() {
    sync::kernel_lock.enter();
    {
        Visit here(room);
        sync::MutexGuard guard(hosts_mutex);
        came = true;
        visitor_came.signal();
    }
    sync::kernel_lock.exit();
}

} // namespace

void race_mutex() {
    room = {};
    mutex.init("room");
    play_together({{"a", 0, visit}, {"b", 1, visit}, {"sleeper", 0, sleep_inside}});
    check("everybody was inside", room.visits == 2 * rounds + 1, room.visits);
}

void race_reader_writer() {
    room = {};
    rw.init("book");
    play_together(
        {{"reader", 0, read_twice}, {"writer", 1, write_once}, {"sleeper", 0, sleep_as_reader}});
    check("the writer was there", room.visits == 1, room.visits);
}

void race_read_mostly() {
    room = {};
    mostly.init("directory");
    play_together({{"reader", 0, read_mostly}, {"writer", 1, write_mostly_read}});
    check("the writer was there", room.visits == 1, room.visits);
}

void race_inheritance() {
    inner.init("inner");
    outer.init("outer");
    play_together({{"owner", 0, own_both, sched::user_priority},
                   {"inner", 1, want_inner, sched::realtime_priority},
                   {"outer", 1, want_outer}});
}

void race_kernel_lock() {
    room = {};
    hosts_mutex.init("host's");
    visitor_came.init("visitor");
    play_together({{"host", 0, wait_for_visitor}, {"visitor", 1, come}});
    check("everybody was inside", room.visits == 3, room.visits);
}

} // namespace scenario
