// SPDX-License-Identifier: BSD-2-Clause
#include "sched/sched.hpp"

#include "hart/panic.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/turnstile.hpp"
#include "trace/emit.hpp"

namespace sched {

constinit hart::SpinMutex lock{"sched::lock", hart::ipl::high};
constinit Local locals[arch::max_harts];

namespace {

bool is_idle(unsigned number) {
    const Local& there = locals[number];
    return there.idle != nullptr && there.onproc == there.idle && there.queue.empty();
}

/// Where an LWP should run: at home, where it ran last, or where there is nothing to do.
unsigned choose_hart(const Lwp& lwp) {
    if (lwp.bound())
        return static_cast<unsigned>(lwp.home);

    unsigned last = lwp.current.hart;
    if (is_idle(last) || !lwp.may_move())
        return last;
    for (unsigned number = 0; number < hart::hart_count; number++)
        if (is_idle(number))
            return number;
    return last;
}

void enqueue(Lwp& lwp, Place place) {
    ASSERT(lock.held());

    lwp.state.set(LwpState::runnable);
    locals[lwp.current.hart].queue.put(lwp, place);
    trace::record(trace::Runnable{.subject = lwp.id(),
                                  .on = hart::hart_id(lwp.current.hart),
                                  .priority = lwp.effective(),
                                  .at_head = place == Place::head});
}

/// A handler that must wait leaves; the LWP that it had interrupted goes on as if nothing had
/// happened. Its registers are where arch::borrow saved them, so this is no mi_switch. The victim
/// finds itself behind arch::borrow (irq/borrow.cpp), where it releases sched::lock.
void hand_back(Lwp& handler) {
    Lwp& victim = *handler.victim;
    ASSERT(victim.state.peek() == LwpState::pinned);

    if (handler.kind == LwpKind::interrupt)
        trace::record(trace::IrqBlock{.line = handler.line,
                                      .handler = handler.id(),
                                      .victim = victim.id(),
                                      .lock = handler.blocked_in->lock->id});
    else
        trace::record(trace::SoftintBlock{
            .handler = handler.id(), .victim = victim.id(), .lock = handler.blocked_in->lock->id});
    sync::kernel_lock.release_to_wait();
    handler.victim = nullptr;
    victim.state.set(LwpState::running);
    arch::set_curlwp(&victim);
    arch::switch_to(handler.context, victim.context);
    // Chosen by mi_switch, as an ordinary LWP, with sched::lock held.
}

/// Out of line, so that mi_switch needs no registers of its own when nobody listens.
[[gnu::noinline]] void record_switch(const Lwp& previous, const Lwp& next, SwitchReason why) {
    trace::record(trace::Switch{.previous = previous.id(),
                                .next = next.id(),
                                .state = previous.state.peek(),
                                .reason = why,
                                .next_priority = next.effective()});
}

} // namespace

void request_switch(unsigned number, Lwp& lwp) {
    Local& there = locals[number];
    if (there.onproc == nullptr)
        return; // the hart is not on line yet; it looks at its queue when it comes
    if (lwp.effective() <= there.onproc->effective() || lwp.effective() <= there.wanted)
        return;

    there.wanted = lwp.effective();
    there.refusal_noted = false;
    trace::record(trace::Resched{
        .target = hart::hart_id(number), .subject = lwp.id(), .priority = lwp.effective()});
    hart::harts[number].owed.set_bits(hart::owed_switch);
    if (number != hart::here()) {
        trace::record(trace::Ipi{.target = hart::hart_id(number)});
        arch::send_ipi(number);
    }
}

void make_runnable(Lwp& lwp, Place place) {
    ASSERT(lwp.state.peek() != LwpState::running);

    unsigned number = choose_hart(lwp);
    lwp.current.hart = static_cast<u16>(number);
    enqueue(lwp, place);
    request_switch(number, lwp);
}

void put_back(Place place) {
    Lwp& self = current();
    enqueue(self, place);
    if (!self.may_move())
        return;
    for (unsigned number = 0; number < hart::hart_count; number++) {
        if (is_idle(number)) {
            trace::record(trace::Ipi{.target = hart::hart_id(number)});
            arch::send_ipi(number); // it wakes up, looks for work and steals
            return;
        }
    }
}

void mi_switch(SwitchReason why) {
    Lwp& previous = current();
    ASSERT(lock.held());
    ASSERT(previous.current.spin_depth == 1);       // (1)
    ASSERT(previous.current.preempt_disabled == 0); // (1)
    ASSERT(previous.victim == nullptr);             // (1)
    hart::Hart& hart = hart::self();
    ASSERT(!hart.in_timer);

    Local& here = local();
    ASSERT(here.onproc == &previous); // (2)
    Lwp* next = here.queue.take_first();
    if (next == nullptr)
        next = here.idle; // (3)
    ASSERT(next != &previous);

    if (previous.kernel_holds != 0) [[unlikely]]
        sync::kernel_lock.release_to_wait();
    if ((hart.owed.peek() & hart::owed_switch) != 0)
        hart.owed.clear_bits(hart::owed_switch);
    here.wanted = idle_priority;
    here.quantum_over = false;
    here.switches++;
    here.onproc = next; // (2)
    next->state.set(LwpState::running);
    next->switches++;
    if (next->quantum == 0)
        next->quantum = quantum_ticks;
    if (next->kernel_holds_owed != 0) [[unlikely]]
        hart.owed.set_bits(hart::owed_kernel_lock); // paid when it has released sched::lock
    if (trace::wants<trace::Switch>()) [[unlikely]]
        record_switch(previous, *next, why);
    arch::set_curlwp(next);
    arch::switch_to(previous.context, next->context);
    // Chosen again, possibly on another hart; sched::lock is held by whichever this is.
}

void block() {
    ASSERT(lock.held());
    Lwp& self = current();
    ASSERT(self.state.peek() == LwpState::blocked);

    self.waits++;
    if (self.victim != nullptr)
        hand_back(self);
    else
        mi_switch(SwitchReason::blocked);
}

void yield() {
    hart::SpinGuard guard(lock);
    Lwp& self = current();
    ASSERT(self.victim == nullptr);

    if (local().queue.highest() < self.effective() || local().queue.empty())
        return;
    self.quantum = 0;
    put_back(Place::tail);
    mi_switch(SwitchReason::yielded);
}

bool set_inherited(Lwp& lwp, Priority inherited) {
    ASSERT(lock.held());
    if (inherited == lwp.inherited)
        return false;

    bool queued = lwp.state.peek() == LwpState::runnable;
    Local& there = locals[lwp.current.hart];
    if (queued)
        there.queue.remove(lwp);
    lwp.inherited = inherited;
    trace::record(trace::PriorityChange{.subject = lwp.id(),
                                        .own = lwp.own,
                                        .inherited = lwp.inherited,
                                        .effective = lwp.effective()});
    if (queued) {
        there.queue.put(lwp, Place::tail);
        request_switch(lwp.current.hart, lwp);
    } else if (there.onproc == &lwp && !there.queue.empty()) {
        request_switch(lwp.current.hart, *there.queue.first()); // it may have become less urgent
    }
    return true;
}

} // namespace sched
