// SPDX-License-Identifier: BSD-2-Clause
// Bugs to switch on, one at a time: how we know that the checks can fail.
//
// A test that has never failed proves nothing. Each mutation is a mistake that somebody once made,
// or easily could: its line stands in the code, beside the right one, behind mutated().
//
//   if (!hart::mutated(hart::Mutation::lost_exit))
//       wake_all(lock_);
//
// In the kernel that ships, mutated() is the constant false, and neither the question nor the bug
// is in the image. The simulated machine, and a kernel made with `make kernel MUTABLE=1`, ask.
//
// Rules
//   - Set before the first LWP runs: boot parameter `mutation`, or simulated::Options.
//   - A new mutation goes to the end of the list, and gets a test that finds it.
// Read next: docs/mutations.md
#pragma once

#include "lib/enumerators.hpp"
#include "mutable.hpp"

namespace hart {

enum class Mutation : u8 {
    none,
    early_complete,   // M17: a line is disabled before its claim is given back
    forget_lender,    // M16: on release, what other locks' waiters lend is forgotten
    pass_writer,      // a reader is admitted although a writer waits
    skip_ipi,         // a writer of a read-mostly lock trusts that no hart has readers
    keep_big_lock,    // kernel_lock is not released when its holder waits
    wake_several,     // M20: cv_signal wakes more than one
    stale_timeout,    // M11: a timeout does not look whether the sleep is still the same
    lost_exit,        // M12: the exit that finds waiters wakes nobody
    level_not_raised, // a spin mutex lets handlers of its level interrupt its holder
    leaked_spin,      // M22: a handler returns with a spin mutex held
    blind_order,      // the lock checker learns no orders
    blind_walk,       // the lock checker does not look who waits for whom
    // callouts (kernel/callout)
    unmarked_run,        // M1: what is in flight is not marked, so nobody waits for it
    own_hart_slips,      // M2: only runs on other harts are waited for
    halts_once,          // M3: what arms itself again while halt waits goes on
    touches_freed,       // M4: the callout is written to after its function has returned
    moves_in_flight,     // M10: a callout that is in flight changes harts at once
    deaf_to_calling_off, // a function that was stopped in time is called all the same
    timeout_under_lock,  // S4.18: a timeout is armed with sched::lock held
    // interrupts (kernel/irq)
    early_change,       // M18, M21: handlers and routes of lines change although a handler runs
    hasty_disestablish, // M21: softint_disestablish does not wait
    // what only a certain order of events shows (tests/explore)
    plain_exit,         // M12: a mutex is given back by a load and a store, not in one step
    open_window,        // cv_wait releases the mutex before it is on the sleep queue
    ignores_completion, // halt sleeps, although the run that it saw is over by now
    late_unlink,     // a softint counts as pending until it has run: what comes meanwhile is lost
    steals_bound,    // an idle hart takes an LWP that is bound to another
    unfenced_reader, // M13: a reader counts itself in, then looks for writers, without a fence
    weak_spin_exit,  // M13: a spin mutex is given back by a store that is no release
    weak_wait,       // M13: the lock checker notes a wait, then looks at others', without a fence
    early_route,     // M18: a line moves to another hart between claim and complete
    late_forget,     // a line's LWP forgets what it serves when another hart may have told it anew
    trusts_glance,   // the lock checker takes it for granted that who is counted as waiting does
    guest_pays,      // a handler without an LWP takes kernel_lock again for the LWP that it runs as
    // what callers do wrong (kernel/scenario)
    stops_only,    // M5, M8: who takes an object away stops its callout, and does not drain it
    drains_locked, // M6: … or drains it with the lock that its function wants
    count
};

/// As the boot parameter spells them.
inline constexpr const auto& mutation_names = lib::enumerators<Mutation>;

extern constinit Mutation mutation;

inline bool mutated(Mutation which) {
    return mutable_kernel && mutation == which;
}

} // namespace hart
