// SPDX-License-Identifier: BSD-2-Clause
// In which order locks are entered: one graph for locks, interrupt levels and functions.
//
// A node is a class: all locks of one name and nature, an interrupt level, a callout's or softint's
// function. An edge from A to B says that once A could not be done with before B was had:
//
//   lock A ──▶ lock B        B was entered with A held
//   level V ──▶ lock B       a handler or softint of level V entered B
//   lock A ──▶ level V       A, for which others spin, was held with V not held off: an interrupt
//                            of level V keeps its holder from going on
//   lock A ──▶ function F    somebody waited for the end of F with A held
//   function F ──▶ lock B    F entered B
//
// A circle is a deadlock that some schedule can bring about, also if none has yet: that is what is
// reported, once, with who made each edge and where. So one rule finds two locks taken in both
// orders (a, b, a); a lock that a handler shares with its victim (a, net, a); the old trouble with
// the big lock and a spin mutex (S3.1: l, net, kernel_lock, l); and a callout drained by who holds
// what its function wants (S1.13: m, callout, m).
//
// What is no edge: a try-operation, which does not wait. Between kernel_lock and what an LWP blocks
// for, because blocking lets kernel_lock go. From an adaptive lock to a level, because a handler
// that wants it blocks, and its victim goes on.
//
// Rules
//   - Any context, any locks held: it takes one raw lock.
//   - An edge that closes a circle is reported and not followed afterwards.
// Why classes? Each of a thousand locks would have to be seen in each order; a class is seen soon.
// The price: two locks of one class held at a time are reported, as nobody can say in which order.
// Read next: order.cpp
#pragma once

#include "lockcheck/held.hpp"

namespace lockcheck {

/// The current LWP wants `then` at `site`, and has everything in its present context.
void learn_wanted(Record& then, Site site);

/// The current LWP has just entered a spin mutex: the levels that are not held off.
void learn_open_levels(Record& lock, Site site);

/// Forgets all edges, for the self-test.
void forget_orders();

/// Of the tables.
struct OrderCounts {
    u32 classes;
    u32 edges;
};
[[nodiscard]] OrderCounts order_counts();

} // namespace lockcheck
