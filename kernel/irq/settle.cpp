// SPDX-License-Identifier: BSD-2-Clause
// The exit path: what a hart owes, in the order of urgency. See hart/hart.hpp for when it is called.
#include "hart/hart.hpp"
#include "hart/panic.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"

namespace hart {

bool settle() {
    ASSERT(!arch::irq_enabled());
    bool did_something = false;
    while (irq::replay_lines() || irq::run_softints() || sched::preempt_if_wanted())
        did_something = true;
    return did_something;
}

} // namespace hart
