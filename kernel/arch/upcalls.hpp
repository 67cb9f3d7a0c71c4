// SPDX-License-Identifier: BSD-2-Clause
// The doors by which a machine enters the core. The machine calls the three interrupt doors with
// interrupts disabled, on the stack of whatever was running, with that LWP still current; they
// return with interrupts disabled and the same LWP current, possibly after other LWPs have run in
// between (preemption).
#pragma once

namespace arch {

/// An interrupt line wants service: claim lines until there is none (irq/dispatch.cpp).
void on_external_interrupt();
/// The deadline set by set_deadline has passed (callout/clock.cpp).
void on_timer();
/// Another hart did send_ipi to this one, or nobody (relax() may do so): look what is owed.
void on_ipi();

/// The boot hart is ready: kmain (main.cpp). Interrupts disabled, no other hart runs, the current
/// LWP is a lone arch::Current of id 0.
[[noreturn]] void on_boot();

/// The machine cannot go on: an exception in the kernel, or its own checks failed. Perhaps on an
/// emergency stack (hart/panic.cpp).
[[noreturn]] void on_fault(const char* sentence);

} // namespace arch
