// SPDX-License-Identifier: BSD-2-Clause
// The corpus: bugs that somebody once made, and the search that finds each of them.
//
// A row says which mutation is switched on, under which program of scenario `race` (or another
// scenario) it shows, how to search, and within how many schedules it must be found. The budget is
// some ten times what it took when the row was written, at least a thousand: the search is
// repeatable, but choice points move when the kernel changes.
#pragma once

#include "hart/mutation.hpp"

namespace explored {

struct Bug {
    hart::Mutation mutation;
    const char* search; // options of build/explore
    unsigned long budget;
};

using hart::Mutation;

constexpr Bug corpus[] = {
    {Mutation::forget_lender, "--scenario race --case lend", 1000},
    {Mutation::pass_writer, "--scenario race --case rw", 2000},
    {Mutation::skip_ipi, "--scenario race --case rm", 1000},
    {Mutation::keep_big_lock, "--scenario race --case biglock", 1000},
    {Mutation::wake_several, "--scenario race --case cv", 4000},
    {Mutation::stale_timeout, "--scenario race --case timeout --harts 3", 20'000},
    {Mutation::lost_exit, "--scenario race --case mutex", 1000},
    {Mutation::level_not_raised, "--scenario race --case spin -p model=classic", 1000},
    {Mutation::leaked_spin, "--scenario stress", 50},
    {Mutation::blind_order, "--scenario race --case order -p lockcheck=on --reports", 1000},
    {Mutation::unmarked_run, "--scenario race --case callout", 1000},
    {Mutation::own_hart_slips, "--scenario race --case own", 1000},
    {Mutation::halts_once, "--scenario race --case rearm", 1000},
    {Mutation::touches_freed, "--scenario race --case free", 1000},
    {Mutation::moves_in_flight, "--scenario race --case move", 1000},
    {Mutation::deaf_to_calling_off, "--scenario race --case locked", 1000},
    {Mutation::timeout_under_lock, "--scenario race --case mutex -p lockcheck=on", 1000},
    {Mutation::early_complete, "--scenario race --case stray", 1000},
    {Mutation::early_change, "--scenario race --case detach", 1000},
    {Mutation::hasty_disestablish, "--scenario race --case disestablish", 1000},
    {Mutation::plain_exit, "--scenario race --case handler -p trace=none", 10'000},
    {Mutation::open_window, "--scenario race --case cv", 1000},
    {Mutation::ignores_completion, "--scenario race --case callout", 5000},
    {Mutation::late_unlink, "--scenario race --case softint", 1000},
    {Mutation::steals_bound, "--scenario race --case mutex", 1000},
    {Mutation::blind_walk, "--scenario race --case readers-circle -p lockcheck=on --reports", 1000},
    {Mutation::unfenced_reader, "--scenario race --case rm --stores", 30'000},
    {Mutation::weak_spin_exit, "--scenario race --case mutex --stores", 100'000},
    {Mutation::early_route, "--scenario race --case route", 1000},
    {Mutation::stops_only, "--scenario race --case callout", 1000},
    {Mutation::drains_locked, "--scenario race --case callout", 1000},
};

/// What the unbroken kernel must survive.
struct Search {
    const char* name;
    const char* options;
};
constexpr Search searches[] = {
    {"mutex", "--scenario race --case mutex"},
    {"rw", "--scenario race --case rw"},
    {"rm", "--scenario race --case rm"},
    {"lend", "--scenario race --case lend"},
    {"biglock", "--scenario race --case biglock"},
    {"cv", "--scenario race --case cv"},
    {"handler", "--scenario race --case handler"},
    {"softint", "--scenario race --case softint"},
    {"callout", "--scenario race --case callout"},
    {"own", "--scenario race --case own"},
    {"rearm", "--scenario race --case rearm"},
    {"move", "--scenario race --case move"},
    {"locked", "--scenario race --case locked"},
    {"free", "--scenario race --case free"},
    {"timeout", "--scenario race --case timeout --harts 3"},
    {"detach", "--scenario race --case detach"},
    {"route", "--scenario race --case route"},
    {"stray", "--scenario race --case stray"},
    {"disestablish", "--scenario race --case disestablish"},
    {"untraced", "--scenario race -p trace=none"},
    {"spin", "--scenario race --case spin"},
    {"spin_classic", "--scenario race --case spin -p model=classic"},
    {"mutex_thread", "--scenario race --case mutex -p model=thread"},
    {"handler_thread", "--scenario race --case handler -p model=thread"},
    {"softint_thread", "--scenario race --case softint -p model=thread"},
    {"order", "--scenario race --case order -p lockcheck=on --reports --no-ticks"},
    {"late_stores", "--scenario race --stores"},
    {"tour", "--scenario tour"},
    {"teardown", "--scenario teardown"},
    {"resetit", "--scenario resetit"},
    {"callouts", "--scenario callouts"},
    {"forbidden", "--scenario forbidden"},
    {"pct", "--scenario race --strategy pct"},
    {"four_harts", "--scenario race --harts 4"},
};

} // namespace explored
