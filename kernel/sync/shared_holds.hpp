// SPDX-License-Identifier: BSD-2-Clause
// Who holds what shared: the few locks that each LWP holds as one of several readers.
//
// A lock that has readers counts them and does not know them. So each LWP lists the locks that it
// reads, and that is enough to catch a reader that enters twice (a writer that came in between
// would wait for the first hold, the second hold for the writer), a reader that leaves twice, and
// to say in a snapshot who reads.
//
// Rules
//   - An LWP's list is written by itself, or by whoever hands it a lock, under sched::lock, while
//     it waits for that.
// Invariants
//   (1) A lock is at most once in the list.
// Read next: rw_lock.hpp, read_mostly.hpp
#pragma once

#include "sync/turnstile.hpp"

namespace sync {

[[nodiscard]] bool holds_shared(const Lwp& lwp, const Lock& lock);

/// Panics if the list is full.
void note_shared(Lwp& lwp, Lock& lock);
/// Panics if the lock is not in the list, as forget_shared() would.
void assert_shared(const Lwp& lwp, const Lock& lock, const char* primitive, lockcheck::Site site);
/// Panics if the lock is not in it: `primitive` was called by somebody who is no reader.
void forget_shared(Lwp& lwp, const Lock& lock, const char* primitive, lockcheck::Site site);

} // namespace sync
