// SPDX-License-Identifier: BSD-2-Clause
// The three doors by which a machine enters the core. The machine calls them with interrupts
// disabled, on the stack of whatever was running, with that LWP still current; they return with
// interrupts disabled and the same LWP current, possibly after other LWPs have run in between
// (preemption).
#pragma once

namespace arch {

/// An interrupt line wants service: claim lines until there is none (irq/dispatch.cpp).
void on_external_interrupt();
/// The deadline set by set_deadline has passed (callout/hardclock.cpp).
void on_timer();
/// Another hart did send_ipi to this one (sched/preempt.cpp).
void on_ipi();

} // namespace arch
