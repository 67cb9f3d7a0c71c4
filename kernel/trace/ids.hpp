// SPDX-License-Identifier: BSD-2-Clause
// The identities that events speak of. Each is its own type, so that swapped arguments do not
// compile and every reader of an event knows whose name to print.
#pragma once

#include "lib/types.hpp"

namespace trace {

enum class LwpId : u16 { none = 0 };       // 1, 2, …; 0 before the first LWP exists
enum class HartId : u16 { none = 0xffff }; // the kernel's number 0 … harts-1, not the hardware's
enum class LineId : u16 { none = 0 };      // PLIC source number
enum class LockId : u32 { none = 0 };      // mutex, RW lock, …: anything with a turnstile
enum class ChannelId : u32 {
    none = 0
}; // what a sleep queue's LWPs wait for: condition variable, callout
enum class CalloutId : u32 { none = 0 };
enum class SoftintId : u32 { none = 0 }; // one established soft interrupt
enum class TextId : u32 { none = 0 };    // a named scenario object, phase, check or message

using Priority = u16; // 0 … 255, larger is more urgent; bands in sched/priority.hpp
using Level = u8;     // interrupt priority level; names in hart/ipl.hpp

/// What a Name event names. The kernel defines a name before the first event that uses it.
enum class Kind : u8 {
    lwp,
    hart,
    line,
    lock,
    channel,
    callout,
    softint,
    text,
    parameter,
    level,
    priority_band
};

/// State of an LWP as events report it (the kernel's own enum is the same one).
enum class LwpState : u8 {
    idle,     // interrupt, softint or idle LWP with nothing to do; on no queue
    runnable, // on a run queue
    running,  // on a hart
    pinned,   // beneath an interrupt or softint LWP that borrowed its context
    sleeping, // on a sleep queue
    blocked,  // in a turnstile
    zombie,   // has exited
};

enum class LwpKind : u8 { kernel, user, idle, softint, interrupt };

/// Why mi_switch was called.
enum class SwitchReason : u8 { preempted, yielded, slept, blocked, exited, idle, handler_done };

/// Why the scheduler could not preempt although a more urgent LWP was ready.
enum class Refusal : u8 { preempt_disabled, softint, interrupt, kernel_lock, ipl };

/// How an LWP waits at a lock, and how it holds one.
enum class Hold : u8 { exclusive, shared };

enum class LockKind : u8 {
    adaptive_mutex,
    spin_mutex,
    rw_lock,
    read_mostly_lock,
    kernel_lock,
    long_term_lock // lockmgr-style: waits on a sleep queue
};

/// Interrupt models (boot parameter `model`).
enum class Model : u8 { borrow, thread, classic };

/// One result language for all callout controls.
enum class CalloutResult : u8 { cancelled, running, not_pending };

/// What a checker that found a mistake calls it. The sentence is a text of its own.
enum class ReportKind : u8 {
    lock_use,         // uninitialised, destroyed, not owned, wrong context
    lock_order,       // two classes of locks are taken in both orders
    interrupt_safety, // a handler takes what its own victim may hold
    deadlock,         // a circle of those who wait and those who are waited for
    run_out,          // no interrupt LWP is left, and those there are do not move
    storm,            // a line interrupts faster than it can be served
    slow_function     // a handler, softint or callout ran over its limit
};

/// What ended a wait on a sleep queue.
enum class WakeReason : u8 { signalled, broadcast, timed_out, callout_done };

/// Event classes: the bits of the event mask (boot parameter `trace`).
enum class Group : u8 { meta, sched, lock, spin, irq, softint, callout, scenario, spl };

} // namespace trace
