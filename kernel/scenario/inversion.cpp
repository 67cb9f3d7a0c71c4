// SPDX-License-Identifier: BSD-2-Clause
// inversion: a handler waits for what an unimportant LWP holds, while others compute (S3.16).
//
//   low     holds a lock, and has some work to do before it lets go
//   middle  three of them, more urgent than `low`: nobody gets the hart before they are done
//   handler the serial port's: wants the lock
//
// How long that takes is told of a machine that nobody steers. What is promised in every order of
// events: while the handler waits, `low` is as urgent as the handler, or as urgent as ever.
//
// With inheritance (`pi=on`) the handler lends its priority to `low`, and waits as long as `low`
// has work to do. Without (`pi=off`) it waits for the middle LWPs, who have nothing to do with it.
// The acts:
//
//   one mutex                  lent from the handler to its owner
//   a chain of three           handler ─▶ third ─▶ second ─▶ low: lent all along
//   a reader of an RW lock     the limit: nobody knows who of the readers to lend to
//   a reader of a read-mostly lock     knows its readers, and lends (a real-time LWP writes)
//
// In `model=classic` the mutex spins: its holder cannot be preempted, so there is no inversion, and
// nothing else runs on the hart while it is held. The other acts do not exist there.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/cell.hpp"
#include "hart/model.hpp"
#include "hart/preempt.hpp"
#include "scenario/contender.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace scenario {

namespace {

constexpr u64 loops_of_low = times<u64>(100'000, 0);
constexpr u64 loops_of_middle = times<u64>(500'000, 0);
constexpr unsigned middle_count = 3;
constexpr trace::HartId here{0}; // all on one hart, that of the port

constinit sync::Mutex first, second, third;
constinit sync::RwLock table;
constinit sync::ReadMostlyLock routes;
constinit hart::Cell<u32> waiting, finished;
constinit hart::Cell<bool> had;
constinit hart::Cell<u64> wanted_at, had_at; // machine time
constinit Contender wanter;
constinit bool lent = false; // expected: `low` is as urgent as who wants what it holds
constinit u64 time_of_middle = 0;

void note_had(auto&& enter, auto&& exit) {
    wanter.comes();
    enter();
    had_at.set(arch::now());
    had.publish(true);
    exit();
}

// ---- who holds ----------------------------------------------------------------------------------

/// `low`, holding something: it has still some work to do when the lock is wanted.
void hold(auto&& enter, auto&& exit) {
    const sched::Lwp& self = sched::current();
    enter();
    waiting.add(1);
    while (!wanter.waits())
        arch::relax();
    if (lent)
        check("the holder is as urgent as who waits", self.effective() >= wanter.urgency(),
              self.effective());
    else
        check("nobody lends the holder anything", self.effective() == self.own, self.effective());
    compute(loops_of_low);
    exit();
    check("what was lent is given back", self.effective() == self.own, self.effective());
    finished.add(1);
}

void hold_first(void*) {
    hold([] { first.enter(); }, [] { first.exit(); });
}
void read_table(void*) {
    hold([] { table.enter(trace::Hold::shared); }, [] { table.exit(); });
}
void read_routes(void*) {
    static sync::ReadMostlyLock::Tracker tracker;
    hold([] { routes.enter_read(tracker); }, [] { routes.exit_read(tracker); });
}

/// A link of the chain: holds one mutex and waits for another.
void link(sync::Mutex& held, sync::Mutex& wanted) {
    {
        sync::MutexGuard outer(held);
        waiting.add(1);
        sync::MutexGuard inner(wanted);
    }
    finished.add(1);
}
void hold_second(void*) {
    link(second, first);
}
void hold_third(void*) {
    link(third, second);
}

// ---- who wants ----------------------------------------------------------------------------------

void want_first(u8) {
    note_had([] { first.enter(); }, [] { first.exit(); });
}
void want_third(u8) {
    note_had([] { third.enter(); }, [] { third.exit(); });
}
void write_table(u8) {
    note_had([] { table.enter(trace::Hold::exclusive); }, [] { table.exit(); });
}
void write_routes(void*) {
    note_had([] { routes.enter_write(); }, [] { routes.exit_write(); });
    finished.add(1);
}

/// The handler wants the lock while the first of these has the hart.
void be_in_the_way(void* number) {
    if (number == nullptr) {
        wanted_at.publish(arch::now());
        dev::uart.loop('i');
    }
    compute(loops_of_middle);
    finished.add(1);
}
void be_in_the_way_of_a_writer(void* number) {
    if (number == nullptr) {
        wanted_at.publish(arch::now());
        sched::spawn({.name = "writer", .priority = sched::realtime_priority, .home = here},
                     write_routes, nullptr);
    }
    compute(loops_of_middle);
    finished.add(1);
}

// ---- the acts -----------------------------------------------------------------------------------

struct Act {
    const char* text;
    const char* promise;
    void (*holders[3])(void*);
    void (*wants)(u8); // null: an LWP wants it, not a handler
    bool can_be_lent;
};

constexpr Act acts[] = {
    {"a mutex", "a handler waits for a mutex", {hold_first}, want_first, true},
    {"a chain of three mutexes",
     "a handler waits for a chain",
     {hold_first, hold_second, hold_third},
     want_third,
     true},
    {"an RW lock with a reader", "a handler waits for a reader", {read_table}, write_table, false},
    {"a read-mostly lock with a reader",
     "an LWP waits for a known reader",
     {read_routes},
     nullptr,
     true},
};

bool is_lent(const Act& act) {
    return sync::inheritance && act.can_be_lent;
}

/// The time for which the wish was not fulfilled.
u64 play(const Act& act) {
    phase(act.text);
    wanter.forget();
    lent = is_lent(act);
    waiting.set(0);
    finished.set(0);
    wanted_at.set(0);
    had.set(false);
    u32 holders = 0;
    auto priority = static_cast<sched::Priority>(sched::user_priority);
    for (void (*holder)(void*) : act.holders) {
        if (holder == nullptr)
            break;
        // Each link is a little more urgent than the one that it waits for, and comes at once.
        sched::spawn({.name = "low", .priority = priority++, .home = here}, holder, nullptr);
        while (waiting.get() <= holders)
            callout::pause(1);
        holders++;
    }
    dev::uart.set_receiver(act.wants);
    for (u64 i = 0; i < middle_count; i++)
        sched::spawn({.name = "middle", .priority = sched::kernel_priority + 4, .home = here},
                     act.wants != nullptr ? be_in_the_way : be_in_the_way_of_a_writer,
                     reinterpret_cast<void*>(i));
    u32 all = holders + middle_count + (act.wants == nullptr ? 1 : 0);
    while (finished.get() < all || !had.get())
        callout::pause(1);
    dev::uart.set_receiver(nullptr);
    return had_at.get() - wanted_at.get();
}

void judge(const Act& act) {
    u64 waited = play(act);
    u64 others = middle_count * time_of_middle;
    trace::record(trace::Mark{.text = trace::text("machine ticks waited"), .value = waited});
    trace::record(trace::Mark{.text = trace::text("the others' work"), .value = others});
    expect(act.promise, is_lent(act) ? waited < time_of_middle : waited > others * 3 / 4, waited);
}

void measure_middle() {
    hart::PreemptGuard guard;
    u64 begin = arch::now();
    compute(loops_of_middle);
    time_of_middle = arch::now() - begin;
}

/// The holder of a spin mutex runs at the handler's level: it is not interrupted, nor preempted.
void hold_first_and_want_it(void*) {
    {
        sync::MutexGuard guard(first);
        wanted_at.publish(arch::now());
        dev::uart.loop('i');
        compute(loops_of_low);
        check("nobody comes in while a spin mutex is held", !had.get());
    }
    finished.add(1);
}

void judge_classic() {
    phase("a spin mutex");
    dev::uart.set_receiver(want_first);
    sched::spawn({.name = "low", .priority = sched::user_priority, .home = here},
                 hold_first_and_want_it, nullptr);
    while (finished.get() == 0 || !had.get())
        callout::pause(1);
    u64 waited = had_at.get() - wanted_at.get();
    expect("the handler waits for the holder's work only", waited < time_of_middle, waited);
}

} // namespace

void inversion() {
    first.init("inversion.first", hart::ipl::serial);
    second.init("inversion.second", hart::ipl::serial);
    third.init("inversion.third", hart::ipl::serial);
    table.init("inversion.table");
    routes.init("inversion.routes");
    measure_middle();
    if (!hart::is_threaded(hart::ipl::serial))
        return judge_classic();
    for (const Act& act : acts)
        judge(act);
}

} // namespace scenario
