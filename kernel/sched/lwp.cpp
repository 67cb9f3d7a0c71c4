// SPDX-License-Identifier: BSD-2-Clause
#include "sched/lwp.hpp"

#include "hart/panic.hpp"
#include "hart/spl.hpp"
#include "sched/sched.hpp"
#include "sched/sleep_queue.hpp"
#include "sync/turnstile.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace sched {

[[gnu::section(".bss.stacks")]] Stack stacks[max_lwps];

namespace {

using Pool = lib::List<Lwp, &Lwp::queue_link>;

constinit Lwp lwps[max_lwps] = {}; // without "= {}", g++ 12 leaves them zero, not zombies
constinit Pool exited;             // zombies that may be used again
constinit SleepQueue joiners;
constinit unsigned born = 0; // LWPs 1 … born have existed

/// A new LWP as long as there are any, then the one that exited first: so an id, and the name that
/// events gave it, stands for one LWP in all but the longest traces.
Lwp& take_from_pool(const char* name) {
    if (born == max_lwps) {
        Lwp* again = exited.pop_front();
        if (again == nullptr)
            hart::panic("no LWP is left for ", name);
        return *again;
    }
    Lwp& lwp = lwps[born++];
    lwp.current.id = static_cast<u16>(born);
    lwp.spare = &sync::turnstile_of(born);
    return lwp;
}

void set_name(Lwp& lwp, const char* name) {
    usize length = 0;
    for (; name[length] != 0 && length + 1 < sizeof(lwp.name); length++)
        lwp.name[length] = name[length];
    lwp.name[length] = 0;
}

/// Fills in a new LWP and announces it (lock held).
Lwp& give_birth(const Birth& birth, LwpState state) {
    Lwp& lwp = take_from_pool(birth.name);
    set_name(lwp, birth.name);
    lwp.kind = birth.kind;
    lwp.own = birth.priority;
    lwp.inherited = 0;
    lwp.home = birth.home;
    lwp.base_level = birth.level;
    lwp.quantum = 0;
    lwp.joinable = birth.joinable;
    lwp.joiner = nullptr;
    lwp.current.hart = static_cast<u16>(lwp.bound() ? static_cast<u16>(birth.home) : hart::here());
    lwp.current.preempt_disabled = 0;
    trace::name(lwp.id(), lwp.name);
    trace::record(trace::LwpCreate{.subject = lwp.id(),
                                   .home = lwp.home,
                                   .kind = lwp.kind,
                                   .state = state,
                                   .priority = lwp.own});
    return lwp;
}

/// Where a spawned LWP begins: chosen by mi_switch, with sched::lock held on its behalf.
void first_run(void* argument) {
    Lwp& self = *static_cast<Lwp*>(argument);
    lock.exit_handed_over();
    self.current.spin_depth = 0;
    hart::set_level(self.base_level);
    arch::irq_enable();
    hart::pay_debts();
    self.entry(self.argument);
    exit();
}

/// It starts as if it had gone through mi_switch itself: one spin mutex held, at its level.
void begin_at(Lwp& lwp, void (*entry)(void*), void* argument) {
    lwp.entry = entry;
    lwp.argument = argument;
    lwp.current.spin_depth = 1;
    lwp.current.level = hart::ipl::high;
    Stack& stack = stack_of(lwp);
    arch::make_context(lwp.context, stack.bytes, sizeof(stack.bytes), first_run, &lwp);
}

} // namespace

Lwp& lwp(unsigned id) {
    ASSERT(id >= 1 && id <= max_lwps);
    return lwps[id - 1];
}

Lwp& create(const Birth& birth, LwpState state) {
    hart::SpinGuard guard(lock);
    Lwp& lwp = give_birth(birth, state);
    lwp.state.set(state);
    return lwp;
}

Lwp& create_waiting(const Birth& birth, void (*entry)(void*), void* argument) {
    hart::SpinGuard guard(lock);
    Lwp& lwp = give_birth(birth, LwpState::idle);
    lwp.state.set(LwpState::idle);
    begin_at(lwp, entry, argument);
    return lwp;
}

Lwp& spawn(const Birth& birth, void (*entry)(void*), void* argument) {
    hart::SpinGuard guard(lock);
    Lwp& lwp = give_birth(birth, LwpState::runnable);
    begin_at(lwp, entry, argument);
    make_runnable(lwp);
    return lwp;
}

void exit() {
    Lwp& self = current();
    ASSERT(!self.is_handler());
    ASSERT(self.lenders == nullptr); // it holds no mutex that somebody waits for
    if (self.kernel_holds != 0)
        hart::panic("", self.name, " exits holding kernel_lock");
    for (const sync::Lock* held : self.shared_holds)
        if (held != nullptr)
            hart::panic("", self.name, " exits reading ", held->name);

    lock.enter_for_next();
    trace::record(trace::LwpExit{.subject = self.id()});
    self.state.set(LwpState::zombie);
    // Used again only under the lock, when this stack is no longer in use.
    if (self.joinable)
        joiners.wake_all(WakeReason::broadcast);
    else
        exited.push_back(self);
    mi_switch(SwitchReason::exited);
    hart::panic("an LWP that has exited was switched to");
}

void join(Lwp& lwp) {
    assert_sleepable("kthread_join");
    const Lwp& self = current();
    hart::SpinGuard guard(lock);
    if (&lwp == &self)
        hart::panic("kthread_join of ", lwp.name, " by itself");
    if (!lwp.joinable)
        hart::panic("kthread_join of ", lwp.name, " by ", self.name,
                    ": it is not joinable, or has been joined");
    if (lwp.joiner != nullptr)
        hart::panic("kthread_join of ", lwp.name, " by ", self.name, ": ", lwp.joiner->name,
                    " joins it already");
    lwp.joiner = &self;
    while (lwp.state.peek() != LwpState::zombie)
        static_cast<void>(joiners.sleep("kthread_join"));
    lwp.joinable = false;
    exited.push_back(lwp);
}

void init_join() {
    joiners.init("kthread_join");
}

} // namespace sched
