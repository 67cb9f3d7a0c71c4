// SPDX-License-Identifier: BSD-2-Clause
// The interrupt controller, and a checker for its protocol.
//
// A PLIC forgives nothing and says nothing: "if the completion ID does not match an interrupt
// source that is currently enabled for the target, the completion is silently ignored", and the
// line is dead ever after. QEMU's model accepts it all the same, so no test by outcome can find
// such a bug there (S5.3, M17, M18). Therefore nobody but this file speaks to arch::line_*, and it
// keeps its own record of every line: which hart's context it is enabled for, which hart has
// claimed it, and who ran there. The first mistake stops the kernel, with all of them named:
//
//   complete    of a line that is not claimed, by another hart than the one that claimed it, or
//               while it is not enabled for this hart
//   enable      on another hart, or disable, while the line is claimed
//   claim       of a line that is claimed already, or that was never enabled here
//
// Rules
//   - Masked, except that enable() of a line which is enabled nowhere may be called anywhere.
//   - Every change of a line that is enabled is made on the hart that it is enabled for, so nobody
//     claims it at the same time (lines.cpp).
// Invariants
//   (1) A line's `claimed_by` is a hart exactly from claim() to complete(), and then it is the one
//       in `enabled_on`.
// Read next: line.hpp
#pragma once

#include "lib/types.hpp"

namespace irq::controller {

constexpr u32 max_lines = 128;

/// The most urgent line that this hart can have, now claimed; 0 if there is none.
[[nodiscard]] u32 claim();
/// Gives the claim back.
void complete(u32 line);
/// Lets the line through to a hart's context, with a priority 1 … 7, and to no other.
void enable(u32 line, unsigned hart, unsigned priority);
/// Lets the line through to nobody.
void disable(u32 line);
/// True between claim() and complete(). A glance, except on the hart that the line is enabled for.
[[nodiscard]] bool claimed(u32 line);

} // namespace irq::controller
