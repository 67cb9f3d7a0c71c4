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

constexpr u32 rounds = 200;
constexpr u64 a_while = 300'000; // loops: longer than the way of a byte through the port

constinit sync::Mutex shared;
constinit u32 visits = 0; // protected by `shared` and kernel_lock
constinit hart::Cell<u32> over, step;
constinit hart::Cell<u64> asked_at, served_at;
constinit irq::Softint drivers[2] = {};
constinit hart::Cell<u32> inside, most_inside;

void compute(u64 loops) {
    for (u64 i = 0; i < loops; i++)
        asm volatile("" ::"r"(i));
}

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
    if (sched::preemption)
        check("the refusal is counted", refusals() - before == 1, refusals() - before);
}

// ---- handlers -----------------------------------------------------------------------------------

void serve_old(u8) {
    KernelGuard big;
    served_at.publish(arch::now());
}
void serve_new(u8) {
    served_at.publish(arch::now());
}

void hold_for_long(void*) {
    {
        KernelGuard big;
        step.publish(3);
        while (step.get() != 4) // the byte is on its way
            arch::relax();
        compute(a_while);
        step.publish(5);
    }
    over.add(1);
}

/// Sends itself a byte while another hart has kernel_lock. True: it was served before that hart let
/// go.
bool served_in_time(void (*serve)(u8)) {
    dev::uart.set_receiver(serve);
    step.set(0);
    served_at.set(0);
    spawn_on(1, "holder", hold_for_long);
    spawn_on(0, "sender", [](void*) {
        while (step.get() != 3)
            arch::relax();
        step.publish(4);
        dev::uart.loop('b');
        while (served_at.get() == 0)
            arch::relax();
        asked_at.publish(step.get()); // had the holder finished when we were served?
        over.add(1);
    });
    wait_until_over(2);
    dev::uart.set_receiver(nullptr);
    return asked_at.get() != 5;
}

void old_and_new() {
    phase("an unconverted and a converted handler, while another hart has kernel_lock");
    check("the converted one does not wait", served_in_time(serve_new));
    check("the unconverted one does", !served_in_time(serve_old));
}

// ---- overlap ------------------------------------------------------------------------------------

/// What a driver does: stays a while, and looks who else is there.
void be_inside() {
    u32 now = inside.add(1) + 1;
    if (now > most_inside.peek())
        most_inside.set(now);
    for (u64 i = 0; i < 200 && most_inside.get() < 2; i++) {
        compute(200);
        arch::relax();
    }
    inside.add(~u32{0});
    over.add(1);
}
void drive_new(void*) {
    be_inside();
}
void drive_old(void*) {
    KernelGuard big;
    be_inside();
}

u32 most_at_a_time(irq::Softint& driver) {
    static irq::Softint* chosen;
    chosen = &driver;
    most_inside.set(0);
    for (unsigned hart = 0; hart < 2; hart++)
        spawn_on(hart, "kicker", [](void*) { chosen->schedule(); });
    wait_until_over(2);
    return most_inside.get();
}

void overlap() {
    phase("two handlers on two harts");
    drivers[0].establish("converted", hart::ipl::softnet, drive_new, nullptr);
    drivers[1].establish("unconverted", hart::ipl::softnet, drive_old, nullptr);
    u32 converted = most_at_a_time(drivers[0]);
    u32 unconverted = most_at_a_time(drivers[1]);
    check("converted handlers overlap", converted == 2, converted);
    check("unconverted ones never do", unconverted == 1, unconverted);
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
    if (chosen_case() != "all")
        return refuse_case("all, spin");
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
