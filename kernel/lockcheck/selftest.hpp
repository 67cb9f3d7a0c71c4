// SPDX-License-Identifier: BSD-2-Clause
// The lock checker checks itself: small cases of right and wrong use, each with what it must find.
//
//                       adaptive  spin   write   read   …
//   AB, BA              ok        ok     ok      ok          each must be reported
//   AB, BC, AC          ok        ok     ok      ok          none may be
//   …
//   61 expected, 0 unexpected
//
// Each case runs in an LWP of its own, on locks of its own, with the orders of all others
// forgotten. Reports are counted instead of told meanwhile, and what would be a panic ends the
// case's LWP (report.hpp), so that the wrong cases can be as wrong as they like.
//
// Rules
//   - An ordinary LWP, the checker armed, and nobody else who uses locks in a wrong way.
// Read next: selftest.cpp
#pragma once

#include "lib/types.hpp"

namespace lockcheck {

struct SelftestResult {
    u32 expected = 0;   // cases that came out as they must
    u32 unexpected = 0; // … and that did not
};

/// Runs all cases and prints the table.
[[nodiscard]] SelftestResult selftest();

} // namespace lockcheck
