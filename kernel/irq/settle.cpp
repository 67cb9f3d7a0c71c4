// SPDX-License-Identifier: BSD-2-Clause
// The exit path: what a hart owes, in the order of urgency. See hart/hart.hpp for when it is
// called.
#include "hart/hart.hpp"
#include "hart/panic.hpp"
#include "hart/stop.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/read_mostly.hpp"

namespace hart {

namespace {

/// What is owed to somebody who looks at the machine, not to its work.
bool serve_observers() {
    u32 owed = self().owed.peek();
    if (arch::current().spin_depth != 0)
        return false; // an interrupt came in over a spin mutex of a line's level
    if ((owed & (owed_stand | owed_story)) == 0) [[likely]]
        return false;
    if ((owed & owed_stand) != 0)
        stand_still();
    else
        tell_story();
    return true;
}

} // namespace

bool settle() {
    ASSERT(!arch::irq_enabled());
    bool did_something = false;
    while (serve_observers() || sync::ReadMostlyLock::surrender_readers()
           || sync::kernel_lock.restore() || irq::replay_lines() || irq::run_softints()
           || sched::preempt_if_wanted())
        did_something = true;
    return did_something;
}

} // namespace hart
