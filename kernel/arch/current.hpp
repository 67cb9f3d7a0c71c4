// SPDX-License-Identifier: BSD-2-Clause
// The first four bytes of every LWP: who it is and where it runs.
//
// The trace stamps each record with them, and assembly finds them behind `tp`. So that neither has
// to know what an LWP is, this struct is the first member of sched::Lwp, and before the first LWP
// exists a hart runs with `tp` pointing to a lone Current of id 0.
//
// Rules
//   - `hart` changes only while the LWP is not running (a run queue hands it to another hart).
// Read next: machine.hpp
#pragma once

#include "arch/machine.hpp"

namespace arch {

struct Current {
    u16 id;   // trace::LwpId
    u16 hart; // the kernel's hart number, 0 …
};

/// Identity and place of the current LWP. Any context.
inline const Current& current() {
    return *reinterpret_cast<const Current*>(curlwp());
}

} // namespace arch
