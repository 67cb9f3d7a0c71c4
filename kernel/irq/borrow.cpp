// SPDX-License-Identifier: BSD-2-Clause
#include "irq/borrow.hpp"

#include "hart/panic.hpp"
#include "hart/spl.hpp"
#include "sched/sched.hpp"

namespace irq {

using sched::Lwp;
using sched::LwpState;

bool borrow(Lwp& handler, hart::ipl::Level level, void (*body)(void*)) {
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
    hart::level_changed();
    sched::Stack& stack = sched::stack_of(handler);
    arch::borrow(victim.context, handler.context, stack.bytes, sizeof(stack.bytes), body, &handler);

    ASSERT(&sched::current() == &victim); // (2)
    ASSERT(!arch::irq_enabled());         // (2)
    // A handler that blocked left with sched::lock held, as everything that switches does; it is
    // not idle, and it cannot become idle before the lock is released here.
    bool blocked = handler.state.peek() != LwpState::idle;
    if (blocked)
        sched::lock.exit_handed_over();
    hart::level_changed();
    return blocked;
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
    if (handler.entry != nullptr) { // create_thread(): it never had one, and comes back
        hart::SpinGuard guard(sched::lock);
        handler.state.set(LwpState::idle);
        return sched::mi_switch(sched::SwitchReason::handler_done);
    }
    // It had blocked, so its victim is long gone. The next LWP releases the lock.
    sched::lock.enter_for_next();
    handler.state.set(LwpState::idle);
    sched::mi_switch(sched::SwitchReason::handler_done);
    hart::panic("the idle handler LWP ", handler.name, " was switched to");
}

namespace {

void live(void*) {
    Lwp& self = sched::current();
    auto body = reinterpret_cast<void (*)(void*)>(self.argument);
    arch::irq_disable();
    for (;;)
        body(&self);
}

} // namespace

Lwp& create_thread(const sched::Birth& birth, void (*body)(void*)) {
    return sched::create_waiting(birth, live, reinterpret_cast<void*>(body));
}

void wake_thread(Lwp& handler) {
    for (;;) {
        {
            hart::SpinGuard guard(sched::lock);
            if (handler.state.peek() == LwpState::idle)
                return sched::make_runnable(handler);
        }
        arch::relax();
    }
}

} // namespace irq
