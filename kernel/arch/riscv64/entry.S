// SPDX-License-Identifier: BSD-2-Clause
// Traps. stvec is vectored, so the hart itself tells interrupts from exceptions.
//
//   interrupt   The rest of the trap runs on the stack of what it interrupted, which may be an LWP
//               or another trap. Only what a C++ function may destroy is saved; the upcall
//               preserves the rest. It may switch to other LWPs before it returns, so sepc and
//               sstatus are saved as well.
//   exception   In supervisor mode always a bug, perhaps of the stack pointer itself. So it is
//               reported on a stack of its own, which sscratch points to, and never returns.
//               An exception while reporting one finds sscratch 0 and ends the machine.

#include "trap.hpp"

// name: of the stub. upcall: arch::…, mangled. acknowledge: bit of sip to clear first.
.macro interrupt_entry name, upcall, acknowledge
\name:
    addi    sp, sp, -INTERRUPT_FRAME
    sd      ra, 0(sp)
    sd      t0, 8(sp)
    sd      t1, 16(sp)
    sd      t2, 24(sp)
    sd      t3, 32(sp)
    sd      t4, 40(sp)
    sd      t5, 48(sp)
    sd      t6, 56(sp)
    sd      a0, 64(sp)
    sd      a1, 72(sp)
    sd      a2, 80(sp)
    sd      a3, 88(sp)
    sd      a4, 96(sp)
    sd      a5, 104(sp)
    sd      a6, 112(sp)
    sd      a7, 120(sp)
    csrr    t0, sepc
    csrr    t1, sstatus
    sd      t0, 128(sp)
    sd      t1, 136(sp)
    .if \acknowledge
    csrci   sip, \acknowledge
    .endif
    call    \upcall
    ld      t0, 128(sp)
    ld      t1, 136(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    ld      ra, 0(sp)
    ld      t0, 8(sp)
    ld      t1, 16(sp)
    ld      t2, 24(sp)
    ld      t3, 32(sp)
    ld      t4, 40(sp)
    ld      t5, 48(sp)
    ld      t6, 56(sp)
    ld      a0, 64(sp)
    ld      a1, 72(sp)
    ld      a2, 80(sp)
    ld      a3, 88(sp)
    ld      a4, 96(sp)
    ld      a5, 104(sp)
    ld      a6, 112(sp)
    ld      a7, 120(sp)
    addi    sp, sp, INTERRUPT_FRAME
    sret
.endm

    .text
interrupt_entry software_entry, _ZN4arch6on_ipiEv, 2
interrupt_entry timer_entry, _ZN4arch8on_timerEv, 0
interrupt_entry external_entry, _ZN4arch21on_external_interruptEv, 0

exception_entry:
    csrrw   sp, sscratch, sp            // sp is now the upper end of the emergency stack
    beqz    sp, nested_exception
    addi    sp, sp, -EXCEPTION_FRAME
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
            25, 26, 27, 28, 29, 30, 31
    sd      x\n, (\n * 8)(sp)
    .endr
    csrrw   t0, sscratch, zero
    sd      t0, 16(sp)                  // sp as it was
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    sd      t0, 0(sp)
    sd      t1, 256(sp)
    sd      t2, 264(sp)
    sd      t3, 272(sp)
    mv      a0, sp
    call    exception                   // (frame); does not return
nested_exception:
    lla     sp, nested_stack_top
    call    exception_in_exception      // does not return

// One slot of four bytes for each cause.
    .balign 256
    .globl trap_vector
trap_vector:
    .option push
    .option norvc
    j       exception_entry
    j       software_entry              // 1: supervisor software interrupt
    j       exception_entry
    j       exception_entry
    j       exception_entry
    j       timer_entry                 // 5: supervisor timer interrupt
    j       exception_entry
    j       exception_entry
    j       exception_entry
    j       external_entry              // 9: supervisor external interrupt
    .option pop

    .bss
    .balign 16
    .space  4096
nested_stack_top:
