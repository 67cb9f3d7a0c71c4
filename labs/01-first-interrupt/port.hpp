// SPDX-License-Identifier: BSD-2-Clause
// The serial port of this lab: what a handler must know of a 16550 UART, and the two functions by
// which your code and the workload meet.
//
//   sender ──▶ transmit ═══loop-back═══▶ receive FIFO (16 bytes) ──▶ receive register ──▶ you
//                                             │
//                                             └─ not empty: the line is raised
//
// Rules
//   - Reading the receive register takes the oldest byte out of the FIFO. Reading it when the FIFO
//     is empty gives nonsense.
//   - Any context; no call here waits.
// Read next: workload.cpp, if you want to know who sends
#pragma once

#include "irq/irq.hpp"

namespace lab {

/// Yours, in handler.cpp: called once by an ordinary LWP before the first byte is sent.
void attach();

/// The port's interrupt line.
[[nodiscard]] trace::LineId port_line();

/// Bit 0 of the line status register: the FIFO is not empty.
[[nodiscard]] bool data_ready();
/// Reads the receive register.
[[nodiscard]] u8 take_byte();

/// Hands a byte that has arrived to the rest of the kernel. Shows in the trace as "received".
void received(u8 byte);

} // namespace lab
