// SPDX-License-Identifier: BSD-2-Clause
// biglock: kernel_lock, and how to live with it (S3.1, S3.2, S3.9, S5.10, S5.13).
//
//   both orders       one LWP enters a mutex and then kernel_lock, another the other way round, on
//                     two harts, again and again: no deadlock, because who waits gives kernel_lock
//                     up, and who spins for it does not count as running (S3.1)
//   asleep            its holder sleeps, and somebody else has it meanwhile
//   not preempted     a more urgent LWP waits until it is given up, and that is counted (S3.9)
//   old and new       an unconverted handler waits for the hart that has kernel_lock, and keeps its
//                     own hart busy so long (S3.2); a converted one does not (S5.10)
//   overlap           two converted handlers run at the same time on two harts, two unconverted
//                     ones never do (S5.13)
//
//   case=spin         kernel_lock with a spin mutex held: no order is safe, so it panics at once
//                     (S3.1), and that is how this case ends well
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/cell.hpp"
#include "irq/softint.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

using sync::kernel_lock;
using sync::KernelGuard;

constexpr u32 rounds = times(200, 20);
// Loops: longer than the way of a byte through the port.
constexpr u64 a_while = times<u64>(300'000, 0);

constinit sync::Mutex shared;
constinit u32 visits = 0; // protected by `shared` and kernel_lock
constinit hart::Cell<u32> over, step;
constinit hart::Cell<bool> called;   // the handler, which may have to wait now
constinit hart::Cell<u32> served_at; // the step at which it had what it wanted
constinit irq::Softint drivers[2] = {};
constinit hart::Cell<u32> kickers, inside;
constinit hart::Cell<bool> met; // two were inside at a time

void spawn_on(unsigned hart, const char* name, void (*play)(void*)) {
    sched::spawn({.name = name, .home = hart::hart_id(hart % hart::hart_count)}, play, nullptr);
}

void wait_until_over(u32 lwps) {
    while (over.get() < lwps)
        callout::pause(1);
    over.set(0);
}

// ---- both orders --------------------------------------------------------------------------------

void mutex_first(void*) {
    for (u32 i = 0; i < rounds; i++) {
        sync::MutexGuard guard(shared);
        KernelGuard big;
        visits++;
    }
    over.add(1);
}
void kernel_lock_first(void*) {
    for (u32 i = 0; i < rounds; i++) {
        KernelGuard big;
        sync::MutexGuard guard(shared);
        visits++;
    }
    over.add(1);
}

void both_orders() {
    phase("a mutex and kernel_lock, in both orders");
    spawn_on(0, "mutex first", mutex_first);
    spawn_on(1, "kernel_lock first", kernel_lock_first);
    wait_until_over(2);
    check("neither order is a deadlock", visits == 2 * rounds, visits);
}

// ---- its holder ---------------------------------------------------------------------------------

void asleep() {
    phase("who sleeps gives it up");
    KernelGuard outer;
    KernelGuard inner;
    spawn_on(1, "visitor", [](void*) {
        KernelGuard guard;
        step.publish(1);
        over.add(1);
    });
    wait_until_over(1); // sleeps
    check("somebody else had it meanwhile", step.get() == 1, step.get());
    check("all holds are there again", kernel_lock.holds() == 2, kernel_lock.holds());
}

u64 refusals() {
    u64 sum = 0;
    for (const sched::Local& local : sched::locals)
        sum += local.refusals[static_cast<unsigned>(trace::Refusal::kernel_lock)];
    return sum;
}

/// Bound to its hart, as is the urgent LWP.
void hold_against_preemption(void*) {
    kernel_lock.enter();
    sched::spawn(
        {.name = "urgent",
         .priority = sched::realtime_priority,
         .home = hart::hart_id(hart::here())},
        [](void*) { step.publish(2); }, nullptr);
    compute(1000);
    check("its holder is not preempted", step.get() == 1, step.get());
    kernel_lock.exit();
    if (sched::preemption)
        check("what was refused is made up for at once", step.get() == 2, step.get());
    over.add(1);
}

void not_preempted() {
    phase("who has it keeps the hart");
    u64 before = refusals();
    spawn_on(0, "holder", hold_against_preemption);
    wait_until_over(1);
    if (!sched::preemption)
        return;
    check("the refusal is counted", refusals() - before >= 1, refusals() - before);
    expect("and no other", refusals() - before == 1, refusals() - before);
}

// ---- handlers -----------------------------------------------------------------------------------

void serve_old(u8) {
    called.publish(true);
    KernelGuard big;
    served_at.publish(step.get());
}
void serve_new(u8) {
    called.publish(true);
    served_at.publish(step.get());
}

/// Has kernel_lock until the handler has been called, and for a while after.
void hold_for_long(void*) {
    {
        KernelGuard big;
        step.publish(3);
        while (!called.get())
            arch::relax();
        compute(a_while);
        step.publish(5);
    }
    over.add(1);
}

void hold_until_served(void*) {
    {
        KernelGuard big;
        step.publish(3);
        while (served_at.get() == 0)
            arch::relax();
        step.publish(5);
    }
    over.add(1);
}

/// Sends itself a byte while another hart has kernel_lock. The step at which it was served: 5 if
/// that hart was about to let go.
u32 step_of_service(void (*hold)(void*), void (*serve)(u8)) {
    dev::uart.set_receiver(serve);
    step.set(0);
    called.set(false);
    served_at.set(0);
    spawn_on(1, "holder", hold);
    spawn_on(0, "sender", [](void*) {
        while (step.get() != 3)
            arch::relax();
        dev::uart.loop('b');
        while (served_at.get() == 0)
            arch::relax();
        over.add(1);
    });
    wait_until_over(2);
    dev::uart.set_receiver(nullptr);
    return served_at.get();
}

void old_and_new() {
    phase("an unconverted and a converted handler, while another hart has kernel_lock");
    u32 converted = step_of_service(hold_until_served, serve_new);
    u32 unconverted = step_of_service(hold_for_long, serve_old);
    check("the converted one does not wait", converted == 3, converted);
    check("the unconverted one does", unconverted == 5, unconverted);
}

// ---- overlap ------------------------------------------------------------------------------------

/// What a driver does: looks who else is there, for so many turns.
void be_inside(u64 turns) {
    if (inside.add(1) != 0)
        met.set(true);
    for (u64 i = 0; i < turns && !met.get(); i++) {
        compute(200);
        arch::relax();
    }
    inside.add(~u32{0});
    over.add(1);
}
/// Stays until it has met the other one: it must be able to come.
void drive_new(void*) {
    be_inside(~u64{0});
}
void drive_old(void*) {
    KernelGuard big;
    be_inside(times(200, 4));
}

/// True if both were inside at the same time.
bool meet(irq::Softint& driver) {
    static irq::Softint* chosen;
    chosen = &driver;
    met.set(false);
    kickers.set(0);
    for (unsigned hart = 0; hart < 2; hart++)
        spawn_on(hart, "kicker", [](void*) {
            kickers.add(1);
            while (kickers.get() != 2) // a driver must not keep the other's LWP from its start
                callout::pause(1);
            chosen->schedule();
        });
    wait_until_over(2);
    return met.get();
}

void overlap() {
    phase("two handlers on two harts");
    drivers[0].establish("converted", hart::ipl::softnet, drive_new, nullptr);
    drivers[1].establish("unconverted", hart::ipl::softnet, drive_old, nullptr);
    check("converted handlers overlap", meet(drivers[0]));
    check("unconverted ones never do", !meet(drivers[1]));
}

void with_a_spin_mutex() {
    static constinit hart::SpinMutex spin{"biglock.spin", hart::ipl::net};
    phase("kernel_lock with a spin mutex held");
    hart::SpinGuard guard(spin);
    kernel_lock.enter();
    check("the kernel panics", false);
}

} // namespace

void biglock() {
    if (chosen_case() == "spin")
        return with_a_spin_mutex();
    constexpr const char* others[] = {"spin"};
    if (chosen_case() != "all")
        return refuse_case(others);
    shared.init("biglock.shared");
    both_orders();
    asleep();
    not_preempted();
    if (hart::hart_count == 1)
        return; // nobody to wait for
    old_and_new();
    overlap();
}

} // namespace scenario
