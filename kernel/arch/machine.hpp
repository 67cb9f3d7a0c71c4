// SPDX-License-Identifier: BSD-2-Clause
// The machine: everything that the kernel's core asks of hardware, and nothing else.
//
// Two ports define these names: riscv64/ (real harts under OpenSBI, in QEMU or on a board) and
// host/ (simulated harts inside an ordinary process, whose every choice is ours). The core includes
// this header and never asks which port it runs on: no #ifdef, no weak symbol, no template over the
// port. Hot operations are inline and live in the port's machine_inline.hpp, found by include path.
//
//   core ──calls──▶ arch:: (this file)        machine ──calls──▶ upcalls.hpp (three doors, once
//   each)
//
// Rules
//   - A call says "masked" if interrupts must be disabled on this hart, "any" if it may be made
//     anywhere.
//   - Nothing here blocks, allocates, or emits events.
//   - Words that harts share are touched through load(), store() and before_update() only, and
//     registers of devices through read() and write(). On real hardware they are the instruction;
//     on the simulated machine they are where another hart, an interrupt or a tick may come in
//     between.
// Read next: upcalls.hpp
#pragma once

#include "arch/limits.hpp"
#include "lib/types.hpp"

namespace sched {
struct Lwp;
}

namespace arch {

/// Where an LWP left off: callee-saved registers on riscv64, a fibre on host. Defined by the port,
/// together with two constants:
///   stack_size        the bytes of an LWP's stack (sched::stacks, section .bss.stacks, which need
///                     not be zeroed; the page below each stack may be left unmapped)
///   order_is_chosen   riscv64: false. host: true, somebody chooses what comes first and how late a
///                     signal or a tick is, and work takes no time (scenario::expect)
struct Context;

// ---- the current LWP ----------------------------------------------------------------------------

/// The LWP that runs on this hart. One register read; any context.
sched::Lwp* curlwp();
/// Publishes another current LWP, with the fences that the mutex's owner test needs (masked).
void set_curlwp(sched::Lwp* lwp);

// ---- interrupts of this hart --------------------------------------------------------------------

/// Disables interrupts; the result goes to irq_restore. Any context, nests.
[[nodiscard]] u64 irq_save();
void irq_restore(u64 saved);
void irq_enable();
void irq_disable();
[[nodiscard]] bool irq_enabled();

// ---- words that harts share (hart/cell.hpp) -----------------------------------------------------

/// What a hart is about to do: to a word that others can see, to a device, to nothing but itself
/// (enable its interrupts, set its threshold), or to two contexts, of which it leaves one for the
/// other.
enum class Access : u8 { none, load, store, update, device, unknown, own, contexts };

/// An atomic load or store with an __ATOMIC_ order. Any context.
template <class T> [[nodiscard]] T load(const T& word, int order);
template <class T> void store(T& word, T value, int order);
/// Stands before each atomic read-modify-write of this word.
template <class T> void before_update(T& word);
/// The two halves of a lock: if the word is `expected`, makes it `desired`. Taking is an acquire,
/// giving a release, if they succeed; nothing is ordered if they fail. Any context.
template <class T> [[nodiscard]] bool compare_and_take(T& word, T expected, T desired);
template <class T> [[nodiscard]] bool compare_and_give(T& word, T expected, T desired);
/// Stands before anything else that another hart can see. Tests say so where they want to be
/// interrupted.
void preemption_point();

// ---- contexts -----------------------------------------------------------------------------------

using Entry = void (*)(void* argument);

/// Prepares `context` to run entry(argument) on the stack [stack, stack + size) when first switched
/// to, with interrupts disabled. `entry` must not return.
void make_context(Context& context, void* stack, usize size, Entry entry, void* argument);

/// Saves this hart's registers in `from` and goes on where `to` left off (masked; set_curlwp
/// first).
void switch_to(Context& from, Context& to);

/// The hand-off of a borrowed context (masked): saves the victim's registers in `victim`, moves to
/// the stack [stack, stack + size) and calls entry(argument) there. Returns when entry returns, or
/// earlier, when somebody does switch_to(…, victim): then entry has blocked, and when it goes on
/// later it must never return. `handler` is where the port keeps what it needs to run entry (on
/// host, its fibre).
void borrow(Context& victim, Context& handler, void* stack, usize size, Entry entry,
            void* argument);

// ---- waiting, time, other harts -----------------------------------------------------------------

/// Waits until an interrupt is pending, which may be at once (masked: the caller looks for work
/// first).
void wait();
/// Called in every loop that waits for another hart.
void relax();
/// Clock ticks of the machine since boot; the same clock on every hart.
[[nodiscard]] u64 now();
/// Instructions that this hart has executed, where the machine counts them (scenario/bench.cpp).
[[nodiscard]] u64 instructions();
/// Timer frequency in clock ticks per second.
[[nodiscard]] u64 timebase();
/// The timer interrupt comes when now() >= deadline (masked). All ones: never.
void set_deadline(u64 deadline);
/// Makes on_ipi() happen on another hart; coalesces.
void send_ipi(unsigned hart);

// ---- harts and memory ---------------------------------------------------------------------------

/// Harts of this machine, 1 … max_harts. They are numbered from 0, the one that booted.
[[nodiscard]] unsigned hart_count();
/// Starts another hart: entry(argument) on the stack [stack, stack + size) with interrupts disabled
/// and `lwp` current, whose first member (current.hpp) is filled in. Returns at once.
void start_hart(unsigned hart, sched::Lwp* lwp, void* stack, usize size, Entry entry,
                void* argument);
/// No access to this page from now on, on any hart that starts later and on this one: the page
/// below a stack. Before the other harts start.
void guard_page(void* page);
constexpr usize page_size = 4096;

// ---- the interrupt controller (PLIC): for irq/controller.cpp, which checks its protocol ---------

/// The highest-priority enabled pending line above the threshold, now claimed by this hart; 0 if
/// none.
[[nodiscard]] u32 line_claim();
/// Gives the claim back, on the hart that claimed.
void line_complete(u32 line);
/// Lets the line through to a hart's context with a priority 1 … 7, or no more (enabled = false).
void line_enable(u32 line, unsigned hart, unsigned priority, bool enabled);
/// Only lines of a priority above this reach this hart.
void line_threshold(unsigned priority);

// ---- devices and parameters ---------------------------------------------------------------------

/// The register of a device at this address, which has the width of T. Any context.
template <class T> [[nodiscard]] T read(u64 address);
template <class T> void write(u64 address, T value);

struct Device {
    u64 base; // of its registers
    u64 size;
    u32 line; // interrupt line; 0: none
};

/// The index-th device that calls itself compatible with `name`, as device trees spell it.
[[nodiscard]] bool find_device(const char* name, unsigned index, Device& device);
/// What the person who boots has to say: "scenario=tour seed=1" (boot/parameters.hpp).
[[nodiscard]] const char* boot_arguments();

// ---- ends and seams -----------------------------------------------------------------------------

/// What was asked for is not understood, and nothing was done.
constexpr u32 refused_status = 2;
/// Ends the machine with an exit status that the host sees. Never returns.
[[noreturn]] void halt(u32 status);
/// Writes to the console without locks, for panics and early boot. Any context.
void console_write(const char* bytes, usize size);
/// The console's port is the driver's, too, which may turn it on itself (dev/uart.cpp): whatever
/// console_write() has to say waits meanwhile. Masked, for a few instructions, once at a time.
void console_claim();
void console_release();
/// The workload begins: what came before is the same in every run (scenario/scenario.cpp). riscv64:
/// nothing. host: from here on the choices are somebody's.
void workload_begins();
/// A record has just been published (masked; trace/emit.cpp). riscv64: the label `trace_gate`,
/// where visualizer/session/gate.hpp holds the hart. host: calls a hook, if a test has set one.
void trace_gate();

} // namespace arch

#include "machine_inline.hpp"
