// SPDX-License-Identifier: BSD-2-Clause
// The connections of the machine view: lines through the PLIC to their hart, locks to their
// owners, and lent priority along the chain of owners.
#pragma once

#include "view/machine/paint.hpp"

namespace view::machine {

/// Beneath the cards: interrupt lines and the thin wires from locks to owners.
void draw_wires(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion);
/// Above the cards: arrows that lend priority.
void draw_lending(Context& context, ImDrawList& list, const Paint& paint, const Motion& motion);

} // namespace view::machine
