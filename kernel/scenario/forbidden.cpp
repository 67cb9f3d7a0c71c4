// SPDX-License-Identifier: BSD-2-Clause
// forbidden: what a handler must not wait for, tried (S2.19, S2.20, S3.17).
//
//   case=all              lists the primitives, and does what is allowed: a handler and a softint
//                         enter a mutex and an RW lock
//   case=sema_wait        the serial port's handler does it: the kernel panics, naming primitive
//                         and handler, and that is how this case ends well
//   case=sema_wait.soft   a softint does it
//
// Everything that is tried is free: nobody would have to wait. A wait that is only caught when it
// happens hides until the day when the resource is short.
//
// In `model=classic` a handler has no LWP and may wait for nothing: the mutex is a spin mutex
// there, and the RW lock is left out.
#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/cell.hpp"
#include "hart/model.hpp"
#include "hart/preempt.hpp"
#include "hart/print.hpp"
#include "irq/softint.hpp"
#include "scenario/scenario.hpp"
#include "sched/lwp.hpp"
#include "sync/condition.hpp"
#include "sync/long_term_lock.hpp"
#include "sync/pool.hpp"
#include "sync/rw_lock.hpp"
#include "sync/semaphore.hpp"

namespace scenario {

namespace {

constinit sync::Mutex mutex;
constinit sync::RwLock table;
constinit sync::Condition condition;
constinit sync::Semaphore units;
constinit sync::LongTermLock file;
constinit sync::Pool packets;
constinit callout::Callout timer;
constinit irq::Softint protocol;
constinit u64 memory[4] = {};
sched::Lwp* child = nullptr; // has exited when it is joined
constinit hart::Cell<u32> entered;

struct Wait {
    const char* name;
    void (*use)();
};
constexpr Wait waits[] = {
    {"cv_wait", [] { condition.wait(mutex); }},
    {"cv_timedwait", [] { static_cast<void>(condition.wait_for(mutex, 1)); }},
    {"pause", [] { callout::pause(1); }},
    {"sema_wait", [] { units.wait(); }},
    {"lockmgr", [] { file.enter(trace::Hold::shared); }},
    {"pool_get", [] { static_cast<void>(packets.get(sync::Pool::Wait::ok)); }},
    {"kthread_join", [] { sched::join(*child); }},
    {"callout_halt", [] { static_cast<void>(timer.halt()); }},
};
const Wait* chosen = nullptr;

void do_it(void*) {
    chosen->use();
}

void do_what_is_allowed(void*) {
    {
        sync::MutexGuard guard(mutex);
        entered.add(1);
    }
    if (!hart::is_threaded(hart::ipl::serial))
        return;
    sync::ReadGuard guard(table);
    entered.add(1);
}

void init_all() {
    mutex.init("forbidden.mutex", hart::ipl::serial);
    table.init("forbidden.table");
    condition.init("forbidden.condition");
    units.init("forbidden.units", 1);
    file.init("forbidden.file");
    packets.init("forbidden.packets", memory, sizeof(memory[0]), std::size(memory));
    timer.init("forbidden.timer");
    child = &sched::spawn(
        {.name = "child", .joinable = true}, [](void*) {}, nullptr);
    callout::pause(2);
}

/// Lets the function run in the serial port's handler, or in a softint.
void run(bool soft, void (*function)(void*)) {
    static void (*body)(void*);
    body = function;
    if (soft) {
        protocol.establish("protocol", hart::ipl::softnet, function, nullptr);
        hart::PreemptGuard guard; // it is scheduled on the hart that this is
        protocol.schedule();
    } else {
        dev::uart.set_receiver([](u8) { body(nullptr); });
        dev::uart.loop('f');
    }
    callout::pause(3);
}

void do_all() {
    phase("what a handler may wait for");
    run(false, do_what_is_allowed);
    run(true, do_what_is_allowed);
    u32 expected = hart::is_threaded(hart::ipl::serial) ? 4 : 2;
    check("a handler and a softint enter a mutex and an RW lock", entered.get() == expected,
          entered.get());
    phase("what it may not wait for: a boot each");
    for (const Wait& wait : waits) {
        lib::Line line;
        line.add("  case=", wait.name, " and case=", wait.name, ".soft");
        hart::print(line);
    }
    dev::uart.set_receiver(nullptr);
}

} // namespace

void forbidden() {
    init_all();
    if (chosen_case() == "all")
        return do_all();
    constexpr std::string_view suffix = ".soft";
    std::string_view name = chosen_case();
    bool soft = name.ends_with(suffix);
    if (soft)
        name.remove_suffix(suffix.size());
    for (const Wait& wait : waits)
        if (name == wait.name)
            chosen = &wait;
    if (chosen == nullptr)
        return refuse_case(names_of(waits), ", each also with .soft");
    phase("a handler waits for what it must not wait for");
    run(soft, do_it);
    check("the kernel panics, although nobody would have to wait", false);
}

} // namespace scenario
