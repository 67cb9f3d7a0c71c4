// SPDX-License-Identifier: BSD-2-Clause
// The part of the workload that uses what is no mutex: RW lock, read-mostly lock, kernel_lock,
// semaphore, timed waits. It checks itself: a writer is alone, and nobody sleeps for ever.
#pragma once

#include "random.hpp"

namespace simulated {

void set_up_locks();

/// Reads or writes; for handlers, too.
void visit_table(Random& random);
/// Does one thing of the many; ordinary LWPs.
void act_with_locks(Random& random);

} // namespace simulated
