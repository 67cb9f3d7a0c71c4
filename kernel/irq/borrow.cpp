// SPDX-License-Identifier: BSD-2-Clause
#include "irq/borrow.hpp"

#include "hart/panic.hpp"
#include "sched/sched.hpp"

namespace irq {

using sched::Lwp;
using sched::LwpState;

void borrow(Lwp& handler, hart::ipl::Level level, void (*body)(void*)) {
    Lwp& victim = sched::current();
    ASSERT(!arch::irq_enabled());
    ASSERT(handler.state.peek() == LwpState::idle); // (1)
    ASSERT(handler.current.hart == victim.current.hart);
    ASSERT(level > victim.current.level);

    victim.state.set(LwpState::pinned);
    handler.victim = &victim;
    handler.base_level = level;
    handler.current.level = level;
    handler.current.spin_depth = 0;
    handler.state.set(LwpState::running);
    arch::set_curlwp(&handler);
    sched::Stack& stack = sched::stack_of(handler);
    arch::borrow(victim.context, handler.context, stack.bytes, sizeof(stack.bytes), body, &handler);

    ASSERT(&sched::current() == &victim); // (2)
    ASSERT(!arch::irq_enabled());         // (2)
    // A handler that blocked left with sched::lock held, as everything that switches does; it is
    // not idle, and it cannot become idle before the lock is released here.
    if (handler.state.peek() != LwpState::idle)
        sched::lock.exit_handed_over();
}

void finish(Lwp& handler) {
    ASSERT(&sched::current() == &handler);
    ASSERT(!arch::irq_enabled());

    if (Lwp* victim = handler.victim) {
        handler.victim = nullptr;
        handler.state.set(LwpState::idle);
        victim->state.set(LwpState::running);
        arch::set_curlwp(victim);
        return;
    }
    // It had blocked, so its victim is long gone. The next LWP releases the lock.
    sched::lock.enter_for_next();
    handler.state.set(LwpState::idle);
    sched::mi_switch(sched::SwitchReason::handler_done);
    hart::panic("an idle handler LWP was switched to");
}

void check_leaks(const Lwp& handler, const char* what) {
    if (handler.current.spin_depth != 0)
        hart::panic(what, " returned with ", handler.current.spin_depth, " spin mutexes held");
    if (handler.current.preempt_disabled != 0)
        hart::panic(what, " returned with preemption disabled");
    if (handler.current.level != handler.base_level)
        hart::panic(what, " returned at level ", hart::ipl::names[handler.current.level]);
}

} // namespace irq
