// SPDX-License-Identifier: BSD-2-Clause
// An event in the name of an LWP that does not run: what another one does for it.
//
// A lock that is handed over has its new owner before that one runs again, and the event that says
// so belongs to the new owner. It goes into the ring of the hart that records it, as all events do.
//
// Rules
//   - sched::lock held, so that nobody lets the LWP run meanwhile; it is neither running nor
//     pinned.
// Read next: ../sync/rw_lock.hpp
#pragma once

#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"

namespace sched {

template <trace::Event E> void record_as(Lwp& lwp, const E& event) {
    ASSERT(lock.held());
    ASSERT(lwp.state.peek() != LwpState::running);

    Lwp& self = current();
    u16 place = lwp.current.hart;
    lwp.current.hart = self.current.hart;
    arch::set_curlwp(&lwp);
    trace::record(event);
    arch::set_curlwp(&self);
    lwp.current.hart = place;
}

} // namespace sched
