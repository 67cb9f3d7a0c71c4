// SPDX-License-Identifier: BSD-2-Clause
#include "workload.hpp"

#include "arch/host/simulation.hpp"
#include "callout/callout.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spl.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "scenario/room.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "workload_callouts.hpp"
#include "workload_locks.hpp"

namespace simulated {

namespace {

using scenario::Room;
using scenario::Visit;

constexpr unsigned mutex_count = 3;
constexpr unsigned line_count = 4;
constexpr unsigned softint_count = 3;
constexpr unsigned callout_count = 2;
constexpr unsigned worker_count = 5;
constexpr unsigned steps_per_worker = 12;
constexpr unsigned fires_per_line = 6;

Room rooms[mutex_count];
sync::Condition tokens_changed;
unsigned tokens = 0; // protected by the mutex of the last room
irq::Softint softints[softint_count];
callout::Callout callouts[callout_count];
irq::Handler handlers[line_count];
hart::Cell<unsigned> served[line_count];
sync::Mutex done_mutex;
sync::Condition done_changed;
unsigned done = 0;

Room& token_room() {
    return rooms[mutex_count - 1];
}

/// Some instructions in which anything may come in between.
void loiter(unsigned steps) {
    for (unsigned i = 0; i < steps; i++)
        arch::preemption_point();
}

/// Enters one or two rooms, in the order that keeps circles out.
void visit_rooms(Random& random, unsigned longest) {
    unsigned first = random.below(mutex_count);
    Visit outer(rooms[first]);
    loiter(random.below(longest));
    if (first + 1 < mutex_count && random.below(2) == 0) {
        Visit inner(rooms[first + 1]);
        loiter(random.below(longest));
    }
}

void give_token() {
    Visit visit(token_room());
    tokens++;
    tokens_changed.signal();
}

void take_token() {
    Visit visit(token_room());
    while (tokens == 0)
        visit.wait(tokens_changed);
    tokens--;
}

irq::Served on_line(void* argument) {
    auto index = reinterpret_cast<u64>(argument);
    unsigned turn = served[index].add(1);
    Random random(chosen_seed() * 64 + index * 8 + turn);
    loiter(random.below(6));
    if (random.below(3) != 0)
        visit_rooms(random, 6);
    else if (random.below(2) == 0)
        visit_table(random);
    softints[random.below(softint_count)].schedule();
    if (random.below(3) == 0)
        static_cast<void>(callouts[random.below(callout_count)].schedule(1 + random.below(2)));
    return irq::Served::yes;
}

void on_softint(void* argument) {
    Random random(chosen_seed() + reinterpret_cast<u64>(argument));
    give_token();
    visit_rooms(random, 8);
}

void on_callout(void* argument) {
    auto index = reinterpret_cast<u64>(argument);
    Random random(chosen_seed() + index);
    visit_rooms(random, 10);
    if (random.below(2) == 0)
        static_cast<void>(callouts[index].schedule(1));
}

void be_brief(void*) {
    Random random(chosen_seed());
    visit_rooms(random, 4);
}

void control_callout(Random& random) {
    callout::Callout& callout = callouts[random.below(callout_count)];
    switch (random.below(3)) {
    case 0:
        static_cast<void>(callout.schedule(1 + random.below(3)));
        break;
    case 1:
        static_cast<void>(callout.stop());
        break;
    default:
        static_cast<void>(callout.halt());
    }
}

void act(Random& random) {
    switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
        visit_rooms(random, 12);
        break;
    case 3: {
        Visit visit(rooms[random.below(mutex_count)]);
        sched::yield();
        break;
    }
    case 4: {
        hart::PreemptGuard guard;
        softints[random.below(softint_count)].schedule();
        loiter(random.below(20));
        break;
    }
    case 5: {
        hart::LevelGuard guard(hart::ipl::bio + static_cast<u8>(random.below(4)));
        loiter(random.below(20));
        break;
    }
    case 6:
        control_callout(random);
        break;
    case 14:
    case 15:
        control_any_callout(random);
        break;
    case 7:
        sched::spawn({.name = "brief"}, be_brief, nullptr);
        break;
    case 8:
        give_token();
        take_token();
        break;
    case 9:
    case 10:
    case 11:
    case 12:
        act_with_locks(random);
        break;
    default:
        sched::yield();
    }
}

void work(void* argument) {
    Random random(chosen_seed() * 16 + reinterpret_cast<u64>(argument));
    for (unsigned i = 0; i < steps_per_worker; i++)
        act(random);
    sync::MutexGuard guard(done_mutex);
    done++;
    done_changed.broadcast();
}

void attach_lines(unsigned harts) {
    static constexpr trace::Level levels[line_count] = {hart::ipl::bio, hart::ipl::net,
                                                        hart::ipl::serial, hart::ipl::net};
    static constexpr const char* names[line_count] = {"disk", "ether0", "port", "ether1"};
    for (unsigned i = 0; i < line_count; i++) {
        handlers[i].name = names[i];
        handlers[i].line = static_cast<trace::LineId>(i + 1);
        handlers[i].level = levels[i];
        handlers[i].function = on_line;
        handlers[i].argument = reinterpret_cast<void*>(u64{i});
        irq::attach(handlers[i], i == 3 ? 1 % harts : i % harts);
    }
}

void set_up() {
    static constexpr const char* room_names[mutex_count] = {"first", "second", "third"};
    static constexpr trace::Level levels[softint_count] = {hart::ipl::softbio, hart::ipl::softnet,
                                                           hart::ipl::softserial};
    static constexpr const char* softint_names[softint_count] = {"soft.a", "soft.b", "soft.c"};
    static constexpr const char* callout_names[callout_count] = {"call.a", "call.b"};
    for (unsigned i = 0; i < mutex_count; i++)
        rooms[i].mutex.init(room_names[i]);
    set_up_locks();
    set_up_callouts();
    tokens_changed.init("tokens");
    done_mutex.init("done");
    done_changed.init("all done");
    for (unsigned i = 0; i < softint_count; i++)
        softints[i].establish(softint_names[i], levels[i], on_softint,
                              reinterpret_cast<void*>(u64{i}));
    for (unsigned i = 0; i < callout_count; i++) {
        callouts[i].init(callout_names[i]);
        static_cast<void>(callouts[i].reset(1 + i, on_callout, reinterpret_cast<void*>(u64{i})));
    }
    attach_lines(hart::hart_count);
}

void start_workers() {
    static constexpr const char* names[worker_count] = {"user", "kernel", "urgent", "bound",
                                                        "urgent too"};
    static constexpr sched::Priority priorities[worker_count] = {
        sched::user_priority, sched::kernel_priority, sched::realtime_priority,
        sched::kernel_priority + 1, sched::realtime_priority};
    for (unsigned i = 0; i < worker_count; i++) {
        bool bound = i == 3;
        sched::spawn({.name = names[i],
                      .priority = priorities[i],
                      .home = hart::hart_id(bound ? hart::hart_count - 1 : 0xffff)},
                     work, reinterpret_cast<void*>(u64{i}));
    }
}

/// Handlers borrow, mostly; sometimes each line has an LWP, a blocked one holds off its level, or
/// levels are told to the hardware. (Handlers without an LWP could not visit the rooms.)
hart::Interrupts interrupts_of(unsigned long seed) {
    if (seed % 5 == 0)
        return {.model = trace::Model::thread};
    return {.mask = seed % 5 == 1 ? hart::Mask::level : hart::Mask::source,
            .spl = seed % 5 == 2 ? hart::Spl::eager : hart::Spl::lazy};
}

} // namespace

Options workload_options(unsigned long seed) {
    static constexpr unsigned calms[] = {2, 4, 8, 24};
    return {.harts = 1 + static_cast<unsigned>(seed % 4),
            .seed = seed,
            .calm = calms[seed / 4 % 4],
            .steps_per_tick = seed % 3 == 0 ? 1U : 50U,
            .pool = 1 + static_cast<unsigned>(seed / 16 % 2),
            .inheritance = seed / 32 % 4 != 0,
            .preemption = seed / 64 % 4 != 0,
            .interrupts = interrupts_of(seed)};
}

void run_workload() {
    set_up();
    for (unsigned i = 0; i < line_count; i++)
        arch::host::announce_line(i + 1, fires_per_line);
    start_workers();
    {
        sync::MutexGuard guard(done_mutex);
        while (done < worker_count)
            done_changed.wait(done_mutex);
    }
    for (callout::Callout& callout : callouts)
        static_cast<void>(callout.halt());
    tear_down_callouts();
    for (unsigned i = 0; i < mutex_count; i++) {
        sync::MutexGuard guard(rooms[i].mutex);
        ASSERT(rooms[i].is_in_order());
    }
}

} // namespace simulated
