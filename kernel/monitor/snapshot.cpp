// SPDX-License-Identifier: BSD-2-Clause
#include "monitor/snapshot.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "hart/model.hpp"
#include "hart/stop.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sleep_queue.hpp"
#include "sync/shared_holds.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace monitor {

namespace {

using sched::Lwp;
using trace::Level;
using trace::LwpId;
using trace::LwpState;

void (*introduction)() = nullptr;
constinit u32 generation = 0;
constinit u32 groups = 0; // that are recorded, apart from this snapshot

/// Records an event in the name of another LWP, on the hart where that is. The machine stands
/// still, so nobody else writes there; the stamps go on from ring to ring, so the order stays.
template <trace::Event E> void say_as(Lwp& lwp, const E& event) {
    Lwp& self = sched::current();
    u64 before = trace::carry_out();
    arch::set_curlwp(&lwp);
    trace::carry_in(before);
    trace::record(event);
    u64 after = trace::carry_out();
    arch::set_curlwp(&self);
    trace::carry_in(after);
}

LwpId id_of(const Lwp* lwp) {
    return lwp != nullptr ? lwp->id() : LwpId::none;
}

void tell_lwps() {
    sched::for_each_lwp([](Lwp& lwp) {
        trace::name(lwp.id(), lwp.name);
        trace::record(trace::LwpCreate{.subject = lwp.id(),
                                       .home = lwp.home,
                                       .kind = lwp.kind,
                                       .state = LwpState::idle,
                                       .priority = lwp.own});
        if (lwp.inherited != 0)
            trace::record(trace::PriorityChange{.subject = lwp.id(),
                                                .own = lwp.own,
                                                .inherited = lwp.inherited,
                                                .effective = lwp.effective()});
    });
}

void tell_lines() {
    irq::for_each_line([](const irq::LineCounts& line) {
        trace::name(line.line, line.name);
        trace::record(trace::LineAttach{.line = line.line,
                                        .level = line.level,
                                        .flags = line.flags,
                                        .route = hart::hart_id(line.route)});
        if (!line.waiting && !line.held_back)
            return;
        Lwp& there = *sched::locals[line.route].idle; // the line is claimed on that hart
        say_as(there, trace::LineClaim{.line = line.line, .level = line.level});
        if (line.held_back)
            say_as(there, trace::LineThrottle{.line = line.line, .on = 1, .interrupts = 0});
        else
            say_as(there,
                   trace::LineDefer{.line = line.line, .level = line.level, .current = line.level});
    });
}

void tell_softints() {
    irq::Softint::for_each([](irq::Softint& softint) {
        trace::name(softint.id(), softint.name());
        trace::record(trace::SoftintEstablish{.softint = softint.id(), .level = softint.level()});
        for (unsigned hart = 0; hart < hart::hart_count; hart++) {
            if (softint.pending(hart))
                say_as(*sched::locals[hart].idle, trace::SoftintSchedule{.softint = softint.id(),
                                                                         .level = softint.level(),
                                                                         .coalesced = 0});
        }
    });
}

/// The run that an executor is in the middle of. Its callout may be destroyed by now; a fast one is
/// never met, because the timer interrupt is over before anybody stands still.
void tell_run(const callout::Executor& executor) {
    if (executor.phase == callout::Phase::none || executor.running == nullptr)
        return;
    const callout::Callout& callout = *executor.running;
    Lwp& runner = *executor.runner;
    trace::record(trace::CalloutReset{.callout = callout.id(),
                                      .on = hart::hart_id(callout.hart()),
                                      .was_pending = 0,
                                      .due = executor.wheel.now()});
    say_as(runner, trace::CalloutTake{.callout = callout.id(), .lock = callout.lock().id()});
    if (executor.phase == callout::Phase::entered)
        say_as(runner, trace::CalloutEnter{
                           .callout = callout.id(), .late = 0, .tick = executor.wheel.now()});
}

void tell_pending(const callout::Callout& callout) {
    trace::record(trace::CalloutReset{.callout = callout.id(),
                                      .on = hart::hart_id(callout.hart()),
                                      .was_pending = 0,
                                      .due = callout.due_at()});
    trace::record(trace::CalloutPlace{.callout = callout.id(),
                                      .on = hart::hart_id(callout.hart()),
                                      .level = callout.entry().level,
                                      .bucket = callout.entry().bucket});
}

void tell_callouts() {
    callout::Callout::for_each([](const callout::Callout& callout) {
        trace::name(callout.id(), callout.name());
        trace::record(trace::CalloutInit{.callout = callout.id(),
                                         .lock = callout.lock().id(),
                                         .fast = callout.speed() == callout::Speed::fast});
    });
    callout::for_each_executor(
        [](const callout::Clock&, const callout::Executor& executor) { tell_run(executor); });
    callout::Callout::for_each([](const callout::Callout& callout) {
        if (callout.pending())
            tell_pending(callout);
    });
}

/// The softint whose function this LWP, or its guest, is in, if it is in one. It may be pending
/// once more.
void tell_running_softint(Lwp& lwp, trace::SoftintId id) {
    irq::Softint::for_each([&](irq::Softint& softint) {
        if (id != softint.id())
            return;
        say_as(lwp, trace::SoftintRun{.softint = softint.id()});
        if (softint.pending(lwp.current.hart))
            say_as(lwp, trace::SoftintSchedule{
                            .softint = softint.id(), .level = softint.level(), .coalesced = 0});
    });
}

/// A handler without a victim: it has blocked, or is a thread, and is in a turnstile, on a run
/// queue or running as an ordinary LWP. A thread that has not begun yet serves nothing. What
/// borrows a context now comes last, in tell_hart().
void tell_handler(Lwp& lwp) {
    if (lwp.kind == sched::LwpKind::interrupt)
        say_as(lwp, trace::LineClaim{.line = lwp.line, .level = lwp.base_level});
    if (lwp.victim != nullptr || lwp.serving == nullptr)
        return;
    if (lwp.kind == sched::LwpKind::interrupt)
        say_as(lwp, trace::IrqEnter{.line = lwp.line,
                                    .handler = lwp.id(),
                                    .victim = LwpId::none,
                                    .level = lwp.base_level,
                                    .model = hart::interrupts.model});
    else
        say_as(lwp, trace::SoftintEnter{
                        .handler = lwp.id(), .victim = LwpId::none, .level = lwp.base_level});
    tell_running_softint(lwp, lwp.softint);
}

void tell_waiter(Lwp& lwp, const sync::Lock& lock) {
    say_as(lwp, trace::LockBlock{
                    .lock = lock.id, .owner = id_of(lock.turnstile->owner), .hold = lwp.wants});
    if (hart::interrupts.model != trace::Model::borrow)
        return; // a thread blocks as every LWP does
    if (lwp.kind == sched::LwpKind::interrupt)
        say_as(lwp,
               trace::IrqBlock{
                   .line = lwp.line, .handler = lwp.id(), .victim = LwpId::none, .lock = lock.id});
    else if (lwp.kind == sched::LwpKind::softint)
        say_as(lwp,
               trace::SoftintBlock{.handler = lwp.id(), .victim = LwpId::none, .lock = lock.id});
}

void tell_readers(sync::Lock& lock) {
    sched::for_each_lwp([&](Lwp& lwp) {
        if (sync::holds_shared(lwp, lock))
            say_as(lwp, trace::LockAcquire{
                            .lock = lock.id, .hold = trace::Hold::shared, .contended = 0});
    });
}

void tell_locks() {
    sync::for_each_lock([](sync::Lock& lock) {
        trace::name(lock.id, lock.name);
        trace::record(trace::LockInit{.lock = lock.id, .kind = lock.kind, .level = lock.level});
        Lwp* owner = lock.owner();
        if (owner != nullptr)
            say_as(*owner, trace::LockAcquire{
                               .lock = lock.id, .hold = trace::Hold::exclusive, .contended = 0});
        tell_readers(lock);
        sync::Turnstile* turnstile = lock.turnstile;
        if (turnstile == nullptr)
            return;
        for (Lwp* lwp = turnstile->waiters.front(); lwp != nullptr;
             lwp = sync::Turnstile::Waiters::next(*lwp))
            tell_waiter(*lwp, lock);
        if (turnstile->lent != 0 && turnstile->owner != nullptr)
            trace::record(trace::Lend{.lock = lock.id,
                                      .from = id_of(turnstile->waiters.front()),
                                      .to = turnstile->owner->id(),
                                      .priority = turnstile->lent});
    });
}

void tell_sleepers() {
    sched::SleepQueue::for_each([](sched::SleepQueue& queue) {
        trace::name(queue.id(), queue.name());
        queue.for_each_sleeper([&](Lwp& lwp) {
            say_as(lwp, trace::Sleep{.channel = queue.id(), .deadline = lwp.deadline});
        });
    });
}

void tell_borrower(Lwp& lwp) {
    if (lwp.kind == sched::LwpKind::interrupt)
        say_as(lwp, trace::IrqEnter{.line = lwp.line,
                                    .handler = lwp.id(),
                                    .victim = id_of(lwp.victim),
                                    .level = lwp.base_level,
                                    .model = trace::Model::borrow});
    else
        say_as(lwp, trace::SoftintEnter{
                        .handler = lwp.id(), .victim = id_of(lwp.victim), .level = lwp.base_level});
    tell_running_softint(lwp, lwp.softint);
}

/// The LWP's level was `told` so far, and rises: unless nobody would tell that it falls.
void tell_raise(Lwp& lwp, Level& told, Level level) {
    if (level > told && (groups & trace::group_bit(trace::Group::spl)) != 0)
        say_as(lwp, trace::SplRaise{.from = told, .to = level});
    told = level;
}

/// Handlers and softints without an LWP on the context of this one, the first of them first.
void tell_guests(Lwp& lwp, Level& told, const sched::Guest* guest) {
    if (guest == nullptr)
        return;
    tell_guests(lwp, told, guest->beneath);
    tell_raise(lwp, told, guest->before);
    told = guest->level;
    if (guest->line != trace::LineId::none) {
        say_as(lwp, trace::LineClaim{.line = guest->line, .level = guest->level});
        say_as(lwp, trace::IrqEnter{.line = guest->line,
                                    .handler = LwpId::none,
                                    .victim = lwp.id(),
                                    .level = guest->level,
                                    .model = trace::Model::classic});
        return;
    }
    say_as(lwp,
           trace::SoftintEnter{.handler = LwpId::none, .victim = lwp.id(), .level = guest->level});
    tell_running_softint(lwp, guest->softint);
}

/// What raises the level of an LWP that is on a hart. Spin mutexes that events tell of are not held
/// while the machine stands still: what runs has none, and none is of a level at which somebody
/// else could borrow its holder's context. A victim may hold one of hart/spin_mutex.hpp.
void tell_levels(Lwp& lwp) {
    Level told = lwp.base_level;
    tell_guests(lwp, told, lwp.guest);
    if (lwp.current.spin_depth == 0)
        tell_raise(lwp, told, lwp.current.level);
}

/// The run queue, then what runs: the LWP that mi_switch chose, and on it whatever has borrowed.
void tell_hart(unsigned hart) {
    sched::Local& local = sched::locals[hart];
    if (local.idle == nullptr)
        return;
    local.queue.for_each([&](Lwp& lwp) {
        trace::record(trace::Runnable{.subject = lwp.id(),
                                      .on = hart::hart_id(hart),
                                      .priority = lwp.effective(),
                                      .at_head = 0});
    });
    Lwp& bottom = *local.onproc;
    say_as(bottom, trace::Switch{.previous = LwpId::none,
                                 .next = bottom.id(),
                                 .state = LwpState::idle,
                                 .reason = trace::SwitchReason::idle,
                                 .next_priority = bottom.effective()});
    if (hart::ipl::Level base = hart::harts[hart].base_level; base != hart::ipl::none)
        say_as(bottom, trace::BaseLevel{.level = base});
    for (Lwp* beneath = &bottom; beneath != nullptr;) {
        tell_levels(*beneath);
        Lwp* above = nullptr;
        sched::for_each_lwp([&](Lwp& lwp) {
            if (lwp.victim == beneath)
                above = &lwp;
        });
        if (above != nullptr)
            tell_borrower(*above);
        beneath = above;
    }
}

void tell_everything() {
    groups = trace::mask();
    trace::set_mask(~u32{0}); // a model needs all of it, whatever is recorded otherwise
    trace::record(trace::SnapshotBegin{.generation = ++generation});
    introduction();
    trace::name_texts();
    tell_lwps();
    tell_lines();
    tell_softints();
    tell_callouts();
    sched::for_each_lwp([](Lwp& lwp) {
        if (lwp.is_handler() && lwp.state.peek() != LwpState::idle)
            tell_handler(lwp);
    });
    tell_locks();
    tell_sleepers();
    for (unsigned hart = 0; hart < hart::hart_count; hart++)
        tell_hart(hart);
    trace::record(trace::SnapshotEnd{.generation = generation});
    trace::set_mask(groups);
    trace::flush();
}

} // namespace

void offer_snapshots(void (*introduce)()) {
    introduction = introduce;
    hart::set_story(tell_everything);
}

} // namespace monitor
