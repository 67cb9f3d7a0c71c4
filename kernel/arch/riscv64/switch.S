// SPDX-License-Identifier: BSD-2-Clause
// From one context to another. A context is what a C++ function must preserve: ra, sp, s0 … s11.
// Interrupts are disabled throughout; tp was changed by the caller.

.macro save_context at
    sd      ra, 0(\at)
    sd      sp, 8(\at)
    sd      s0, 16(\at)
    sd      s1, 24(\at)
    sd      s2, 32(\at)
    sd      s3, 40(\at)
    sd      s4, 48(\at)
    sd      s5, 56(\at)
    sd      s6, 64(\at)
    sd      s7, 72(\at)
    sd      s8, 80(\at)
    sd      s9, 88(\at)
    sd      s10, 96(\at)
    sd      s11, 104(\at)
.endm

    .text
// void arch::switch_to(Context& from, Context& to)
    .globl _ZN4arch9switch_toERNS_7ContextES1_
_ZN4arch9switch_toERNS_7ContextES1_:
    save_context a0
    ld      ra, 0(a1)
    ld      sp, 8(a1)
    ld      s0, 16(a1)
    ld      s1, 24(a1)
    ld      s2, 32(a1)
    ld      s3, 40(a1)
    ld      s4, 48(a1)
    ld      s5, 56(a1)
    ld      s6, 64(a1)
    ld      s7, 72(a1)
    ld      s8, 80(a1)
    ld      s9, 88(a1)
    ld      s10, 96(a1)
    ld      s11, 104(a1)
    ret

// void arch::borrow(Context& victim, Context& handler, void* stack, usize size, Entry entry,
//                   void* argument)
//
// Saves all of the victim, although entry() preserves most of it: if entry blocks, somebody does
// switch_to(…, victim), which returns from here. If it does not block, sp and two registers are all
// there is to restore. On this machine `handler` needs nothing prepared: blocking fills it in.
    .globl _ZN4arch6borrowERNS_7ContextES1_PvmPFvS2_ES2_
_ZN4arch6borrowERNS_7ContextES1_PvmPFvS2_ES2_:
    save_context a0
    mv      s1, a0
    add     sp, a2, a3
    mv      a0, a5
    jalr    a4
    ld      ra, 0(s1)
    ld      sp, 8(s1)
    ld      s1, 24(s1)
    ret

// Where a new context begins: s1 = entry, s2 = argument (make_context).
    .globl context_begins
context_begins:
    mv      a0, s2
    jalr    s1
    unimp                               // entry must not return
