// SPDX-License-Identifier: BSD-2-Clause
// What stop, reset and schedule do about a function that runs (boot parameter `callout`): three
// answers that NetBSD gave within two years, to be compared.
//
//   halt   they never wait and say `running`; who must wait calls halt or drain    as shipped
//   wait   they sleep until the function has returned                              June 2007, S1.8
//   spin   they burn time until it has returned; on its own hart, where that would
//          be for ever, they do not wait at all, and say `running`                 2006, S1.9
//
// A caller who holds a mutex that the function wants waits for ever under `wait`, and under `spin`
// if the function is on another hart (S1.10, S1.13). Both are found and told (deadlock.hpp).
//
// halt, drain, drain_async and try_stop do the same under each of them.
// Read next: callout.hpp, docs/decisions/010-callouts.md
#pragma once

#include "lib/types.hpp"

namespace callout {

enum class Policy : u8 { halt, wait, spin };

/// Set before the first LWP runs.
extern constinit Policy policy;

} // namespace callout
