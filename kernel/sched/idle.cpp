// SPDX-License-Identifier: BSD-2-Clause
// A hart's beginning and its idle loop.
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"

namespace sched {

namespace {

/// Takes the most urgent LWP that may run here from the queues of the other harts, starting with
/// the next one so that nobody is robbed first every time. Bound LWPs stay at home, pinned ones are
/// on no queue.
bool steal() {
    unsigned here = hart::here();
    for (unsigned step = 1; step < hart::hart_count; step++) {
        unsigned from = (here + step) % hart::hart_count;
        RunQueue& queue = locals[from].queue;
        bool any = hart::mutated(hart::Mutation::steals_bound) && !queue.empty();
        Lwp* lwp = any ? queue.first() : queue.first_movable();
        if (lwp == nullptr)
            continue;
        queue.remove(*lwp);
        lwp->current.hart = static_cast<u16>(here);
        locals[here].queue.put(*lwp, Place::tail);
        locals[here].steals++;
        trace::record(trace::Steal{
            .subject = lwp->id(), .from = hart::hart_id(from), .to = hart::hart_id(here)});
        return true;
    }
    return false;
}

/// Switches to whatever there is to run, if there is anything.
void look_for_work() {
    hart::SpinGuard guard(lock);
    if (local().queue.empty() && !steal())
        return;
    current().state.set(LwpState::idle);
    mi_switch(SwitchReason::idle);
}

} // namespace

Lwp& create_idle(unsigned number) {
    ASSERT(!arch::irq_enabled());

    lib::Line name;
    name.add("idle/", number);
    Lwp& lwp = create({.name = name.text(),
                       .kind = LwpKind::idle,
                       .priority = idle_priority,
                       .home = hart::hart_id(number)},
                      LwpState::running);
    if (number == hart::here())
        arch::set_curlwp(&lwp);
    hart::SpinGuard guard(lock);
    locals[number].idle = &lwp;
    locals[number].onproc = &lwp;
    return lwp;
}

void idle() {
    ASSERT(&current() == local().idle);

    arch::irq_enable();
    for (;;) {
        look_for_work();
        trace::flush_if_old();
        // Interrupts are disabled between the last look and the wait, so one that comes in between
        // ends the wait at once and is taken when they are enabled again.
        arch::irq_disable();
        if (hart::self().owed.peek() == 0 || !hart::settle())
            arch::wait();
        arch::irq_enable();
    }
}

} // namespace sched
