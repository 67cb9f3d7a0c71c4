// SPDX-License-Identifier: BSD-2-Clause
// The serial port of this lab: what a handler must know of a 16550 UART, and the two functions by
// which your code and the workload meet.
//
//   sender ──▶ transmit ═══loop-back═══▶ receive FIFO (16 bytes) ──▶ receive register ──▶ you
//                                             │
//                                             └─ not empty, and interrupts on: the line is raised
//
// The port raises its line anew for each byte that stays in the FIFO when one is taken out. The
// PLIC remembers one such signal while the line is claimed, and delivers it after the handler is
// done, when there may be nothing left to do. So a driver turns the port's interrupts off while it
// takes bytes out, and on again when it has finished.
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

/// Bit 0 of the interrupt enable register: whether the port raises its line when a byte is ready.
/// On when attach() is called.
void enable_interrupts(bool on);

/// Hands a byte that has arrived to the rest of the kernel. Shows in the trace as "received".
void received(u8 byte);

// ---- for the workload ---------------------------------------------------------------------------

/// Finds the port and empties it. Before everything else.
void open_port();
/// Puts a byte into the receive FIFO, through the transmitter and loop-back.
void send_to_self(u8 byte);

} // namespace lab
