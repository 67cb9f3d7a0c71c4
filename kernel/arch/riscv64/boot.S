// SPDX-License-Identifier: BSD-2-Clause
// The first instructions of every hart.
//
// OpenSBI enters here on one hart of its choice (a0 = hart id, a1 = device tree), and start_hart()
// makes it enter at secondary_start on the others (a1 = their Start block, harts.cpp).
//
// OpenSBI 1.1 has a race: a hart that was asked to start at secondary_start may come in here, with
// a stale a1. So the boot hart is who wins the lottery, and late entrants look their block up by
// hart id. Because a late entrant must not see the flag cleared, it lives in .data, not in .bss.

#include "start.hpp"

    .section .text.boot, "ax"
    .globl _start
_start:
    lla     t0, boot_lottery
    li      t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez    t1, secondary_start

    lla     t0, bss_start
    lla     t1, bss_end
1:  sd      zero, (t0)
    addi    t0, t0, 8
    bltu    t0, t1, 1b

    .option push
    .option norelax
    lla     gp, __global_pointer$
    .option pop
    lla     tp, boot_current
    lla     sp, boot_stack_top
    li      s0, 0                       // the chain of frames ends here
    call    boot_hart_main              // (hart id, device tree); does not return

// a0 = hart id. Nothing else is trusted.
    .globl secondary_start
secondary_start:
    lla     t0, start_blocks
    li      t1, MAX_HARTS
2:  ld      t2, START_READY(t0)
    beqz    t2, 3f
    ld      t2, START_HART_ID(t0)
    beq     t2, a0, 4f
3:  addi    t0, t0, START_SIZE
    addi    t1, t1, -1
    bnez    t1, 2b
    fence   r, rw
    j       secondary_start             // not asked yet: look again

4:  fence   r, rw
    .option push
    .option norelax
    lla     gp, __global_pointer$
    .option pop
    ld      tp, START_LWP(t0)
    ld      sp, START_STACK(t0)
    li      s0, 0
    mv      a0, t0
    call    secondary_hart_main         // (block); does not return

    .data
    .balign 4
boot_lottery:
    .word   0

    .section .bss.boot, "aw", @nobits
    .balign 4096
    .globl  boot_guard
boot_guard:
    .space  4096
    .globl  boot_stack
boot_stack:
    .space  BOOT_STACK_SIZE
boot_stack_top:
