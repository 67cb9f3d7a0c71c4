// SPDX-License-Identifier: BSD-2-Clause
#include "callout/deadlock.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "sched/sched.hpp"
#include "sync/turnstile.hpp"

namespace callout {

namespace {

using sched::Lwp;

/// The executor whose run this LWP waits for, or null.
const Executor* awaited_by(const Lwp& lwp) {
    const Executor* found = nullptr;
    for_each_executor([&](const Clock&, const Executor& executor) {
        if (lwp.sleeps_on == &executor.waiters || executor.spinning.peek() == &lwp)
            found = &executor;
    });
    return found;
}

/// Whom this LWP waits for, as far as that can be told; null if it waits for nobody in particular.
const Lwp* waits_for(const Lwp& lwp) {
    if (lwp.state.peek() == sched::LwpState::blocked)
        return lwp.blocked_in->owner;
    const Executor* executor = awaited_by(lwp);
    return executor != nullptr ? executor->runner : nullptr;
}

/// "A waits for callout "timer", which B runs"
void tell_step(lib::Line& line, const Lwp& lwp, const Lwp& next) {
    line.add(static_cast<const char*>(lwp.name), " waits for ");
    if (lwp.state.peek() == sched::LwpState::blocked)
        line.add(lwp.blocked_in->lock->name, ", which ", static_cast<const char*>(next.name),
                 " holds");
    else
        line.add("callout ", awaited_by(lwp)->name, ", which ", static_cast<const char*>(next.name),
                 " runs");
}

/// The callouts that have come due on the executors of this circle and cannot run. Read without the
/// clock's lock: the machine will not go on.
void tell_queued(lib::Line& line, const Lwp& lwp) {
    const char* separator = "; behind it wait ";
    for_each_executor([&](const Clock&, const Executor& executor) {
        if (executor.runner != &lwp || executor.phase == Phase::none)
            return;
        executor.wheel.for_each_to_do([&](const Entry& entry) {
            if (!executor.wheel.is_due(entry))
                return;
            line.add(separator, Callout::of(entry).name());
            separator = ", ";
        });
    });
}

[[noreturn]] void tell(const Lwp& first) {
    lib::Line line;
    const Lwp* lwp = &first;
    do {
        const Lwp* next = waits_for(*lwp);
        line.add(lwp == &first ? "" : "; ");
        tell_step(line, *lwp, *next);
        lwp = next;
    } while (lwp != &first);
    do {
        tell_queued(line, *lwp);
        lwp = waits_for(*lwp);
    } while (lwp != &first);
    hart::report(trace::ReportKind::deadlock, line);
    hart::panic("deadlock: ", line);
}

} // namespace

void panic_if_circle(const Executor& executor) {
    ASSERT(sched::lock.held());

    const Lwp* first = executor.runner;
    const Lwp* lwp = first;
    for (unsigned steps = 0; lwp != nullptr && steps < sched::max_lwps; steps++) {
        lwp = waits_for(*lwp);
        if (lwp == first && first != nullptr)
            tell(*first);
    }
}

void look_for_circle(const Executor& executor) {
    hart::SpinGuard guard(sched::lock);
    panic_if_circle(executor);
}

} // namespace callout
