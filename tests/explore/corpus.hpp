// SPDX-License-Identifier: BSD-2-Clause
// The corpus: bugs that somebody once made, and the search that finds each of them.
//
// A row says which mutation is switched on, under which program of scenario `race` (or another
// scenario) it shows, how to search, and within how many schedules it must be found. The budget is
// some ten times what it took when the row was written, at least a thousand: the search is
// repeatable, but choice points move when the kernel changes.
#pragma once

#include "hart/mutation.hpp"

#include <string_view>

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
    {Mutation::weak_wait,
     "--scenario race --case readers-circle -p lockcheck=on --stores --reports", 100'000},
    {Mutation::early_route, "--scenario race --case route", 1000},
    {Mutation::late_forget, "--scenario race --case route -p model=thread", 20'000},
    {Mutation::stops_only, "--scenario race --case callout", 1000},
    {Mutation::drains_locked, "--scenario race --case callout", 1000},
    {Mutation::trusts_glance, "--scenario race --case spin -p lockcheck=on --harts 3", 10'000},
    {Mutation::guest_pays, "--scenario race --case owed -p model=classic", 10'000},
};

/// The events of a found run tell a story that the visualizer's model believes, but where the bug
/// may be that the impossible happens: then `interlude check` says it, and each of its sentences is
/// about this. Whether it does depends on which failing run is met first, so it need not.
struct Contradiction {
    Mutation mutation;
    const char* about;
    const char* why;
};
constexpr Contradiction contradictions[] = {
    {Mutation::skip_ipi, " lock ", "a writer goes in while a reader on another hart is there"},
    {Mutation::unfenced_reader, " lock ", "a reader's note arrives after the writer has looked"},
    {Mutation::weak_spin_exit, "LWP ", "the run queues' lock is seen free before what it protects"},
    {Mutation::late_unlink, "a soft interrupt ", "one is taken for pending that has begun to run"},
};

/// What the unbroken kernel must survive: every scenario, and every case of `race`. The tests
/// search each row as it stands; `make explore-all` (all/all.cpp) on one hart and on several, too,
/// and in every model, but where the row says how it is to be.
struct Search {
    const char* name;
    const char* options;

    [[nodiscard]] bool says(std::string_view option) const {
        return std::string_view(options).find(option) != std::string_view::npos;
    }
};
constexpr Search searches[] = {
    {"mutex", "--scenario race --case mutex"},
    {"rw", "--scenario race --case rw"},
    {"rm", "--scenario race --case rm"},
    {"lend", "--scenario race --case lend"},
    {"kernel_lock", "--scenario race --case biglock"},
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
    {"baton", "--scenario race --case baton"},
    {"owed", "--scenario race --case owed"},
    {"owed_classic", "--scenario race --case owed -p model=classic"},
    {"controller", "--scenario race --case controller"},
    {"stray", "--scenario race --case stray"},
    {"console", "--scenario race --case console"},
    {"disestablish", "--scenario race --case disestablish"},
    {"spin", "--scenario race --case spin"},
    {"spin_classic", "--scenario race --case spin -p model=classic"},
    {"order", "--scenario race --case order -p lockcheck=on --reports --no-ticks"},
    {"readers_circle", "--scenario race --case readers-circle -p lockcheck=on --reports"},
    {"flags_plain", "--scenario race --case flags-plain"},
    {"flags_swapped", "--scenario race --case flags-swapped --stores"},
    {"message_plain", "--scenario race --case message-plain"},
    {"message_published", "--scenario race --case message-published --stores"},
    {"untraced", "--scenario race -p trace=none"},
    {"unchecked", "--scenario race -p lockcheck=off"},
    {"late_stores", "--scenario race --stores"},
    {"pct", "--scenario race --strategy pct"},
    {"four_harts", "--scenario race --harts 4"},
    {"classic", "--scenario race -p model=classic"},
    {"classic_stores", "--scenario race -p model=classic --stores --harts 4"},
    {"mutex_thread", "--scenario race --case mutex -p model=thread"},
    {"handler_thread", "--scenario race --case handler -p model=thread"},
    {"softint_thread", "--scenario race --case softint -p model=thread"},
    {"tour", "--scenario tour"},
    {"tour_classic", "--scenario tour -p model=classic --harts 4"},
    {"block", "--scenario block"},
    {"inversion", "--scenario inversion"},
    {"inversion_unlent", "--scenario inversion -p pi=off"},
    {"biglock", "--scenario biglock"},
    {"biglock_stores", "--scenario biglock --stores"},
    {"spl", "--scenario spl"},
    {"spl_eager", "--scenario spl -p spl=eager"},
    {"runout", "--scenario runout"},
    {"runout_two", "--scenario runout -p pool=2"},
    {"runout_level", "--scenario runout -p mask=level -p model=borrow"},
    {"halves", "--scenario halves"},
    {"callouts", "--scenario callouts"},
    {"resetit", "--scenario resetit"},
    {"teardown", "--scenario teardown"},
    {"timedwait", "--scenario timedwait"},
    {"timedwait_pct", "--scenario timedwait --strategy pct"},
    {"forbidden", "--scenario forbidden"},
    {"selftest", "--scenario selftest"},
    {"flood", "--scenario flood"},
    {"bench", "--scenario bench"},
    {"stress", "--scenario stress --harts 2"},
    {"stress_four", "--scenario stress --harts 4"},
    // On one hart, time that passes at every dozenth point leaves none for anything but its alarms.
    {"stress_alone", "--scenario stress --harts 1 --no-ticks"},
};

/// The same for the labs with their reference solutions, which only `make explore-all` builds.
constexpr Search labs[] = {
    {"lab_01", "--scenario lab -p model=borrow --harts 1"}, // what it is about
};

/// Cases of `race` that no search can survive, and why.
struct Broken {
    const char* name;
    const char* why;
};
constexpr Broken broken_cases[] = {
    {"circle", "its LWPs wait for each other, and the kernel panics"},
};

} // namespace explored
