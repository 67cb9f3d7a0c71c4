// SPDX-License-Identifier: BSD-2-Clause
// Kernel preemption: making the switch that was asked for, or saying why not.
#include "arch/upcalls.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

#include <optional>

namespace sched {

constinit bool preemption = true;

namespace {

using trace::Refusal;

/// Why this LWP must not be switched away from here. Asked before sched::lock is taken, because
/// that itself raises level and depth.
std::optional<Refusal> refusal(const Lwp& self) {
    if (self.victim != nullptr) // somebody is pinned beneath and could not be resumed
        return self.kind == LwpKind::softint ? Refusal::softint : Refusal::interrupt;
    if (self.current.preempt_disabled != 0)
        return Refusal::preempt_disabled;
    if (self.kernel_holds != 0)
        return Refusal::kernel_lock; // what runs under it was not written to be preempted
    if (self.current.spin_depth != 0 || self.current.level > self.base_level)
        return Refusal::ipl;
    return std::nullopt;
}

/// True if a switch from `self` would bring something better.
bool worthwhile(const Local& here, const Lwp& self) {
    Priority best = here.queue.highest();
    return best > self.effective() || (here.quantum_over && best == self.effective() && best != 0);
}

void note_refusal(Local& here, Refusal why) {
    here.refusals[static_cast<unsigned>(why)]++;
    here.refusal_noted = true;
    trace::record(trace::PreemptRefused{.subject = here.onproc->id(), .why = why});
}

} // namespace

bool preempt_if_wanted() {
    ASSERT(!arch::irq_enabled());
    if ((hart::self().owed.peek() & hart::owed_switch) == 0)
        return false;
    std::optional<Refusal> why = refusal(current());

    hart::SpinGuard guard(lock);
    Local& here = local();
    Lwp& self = current();
    if (!worthwhile(here, *here.onproc)) {
        hart::self().owed.clear_bits(hart::owed_switch);
        here.wanted = idle_priority;
        return false;
    }
    if (!why.has_value() && !preemption && self.kind != LwpKind::idle
        && here.queue.highest() < first_handler_priority)
        why = Refusal::preempt_disabled; // `preempt=off` is about ordinary LWPs
    if (why.has_value()) {
        if (!here.refusal_noted)
            note_refusal(here, *why);
        return false; // still owed: asked again where the reason may have gone
    }
    here.preemptions++;
    if (self.kind == LwpKind::idle) {
        self.state.set(LwpState::idle);
        mi_switch(SwitchReason::idle);
        return true;
    }
    bool over = here.quantum_over;
    if (over)
        self.quantum = 0;
    put_back(over ? Place::tail : Place::head);
    mi_switch(SwitchReason::preempted);
    return true;
}

void tick() {
    hart::SpinGuard guard(lock);
    Local& here = local();
    Lwp& underneath = *here.onproc;
    if (underneath.kind == LwpKind::idle)
        return;
    if (underneath.quantum > 0)
        underneath.quantum--;
    Lwp* next = here.queue.first();
    if (underneath.quantum != 0 || next == nullptr || next->effective() != underneath.effective())
        return;

    here.quantum_over = true;
    here.refusal_noted = false;
    trace::record(trace::Resched{.target = hart::hart_id(hart::here()),
                                 .subject = next->id(),
                                 .priority = next->effective()});
    hart::self().owed.set_bits(hart::owed_switch);
}

} // namespace sched

namespace arch {

void on_ipi() {
    hart::settle_if_owed();
}

} // namespace arch
