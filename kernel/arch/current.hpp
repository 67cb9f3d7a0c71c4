// SPDX-License-Identifier: BSD-2-Clause
// The first bytes of every LWP: who it is, where it runs, and what may interrupt it.
//
// The trace stamps each record with the first four bytes, assembly finds them behind `tp`, and spin
// mutexes count in the rest. So that none of them has to know what an LWP is, this struct is the
// first member of sched::Lwp, and before the first LWP exists a hart runs with `tp` pointing to a
// lone Current of id 0.
//
// Rules
//   - `hart` changes only while the LWP is not running (a run queue hands it to another hart).
//   - The rest is written by the LWP itself, so it needs no lock: level, depths and counts belong
//     to a context, not to a hart, and a handler that borrows a context brings its own.
// Read next: machine.hpp
#pragma once

#include "arch/machine.hpp"

namespace arch {

struct Current {
    u16 id;   // trace::LwpId
    u16 hart; // the kernel's hart number, 0 …
    u8 level; // interrupt priority level; names in hart/ipl.hpp
    u8 reserved;
    u16 spin_depth;       // spin mutexes held
    u32 preempt_disabled; // nesting of kpreempt_disable
};
static_assert(sizeof(Current) == 12);

/// Identity and place of the current LWP. Any context.
inline const Current& current() {
    return *reinterpret_cast<const Current*>(curlwp());
}
/// The same, to change what is the LWP's own.
inline Current& self() {
    return *reinterpret_cast<Current*>(curlwp());
}

} // namespace arch
