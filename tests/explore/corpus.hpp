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
    {Mutation::early_complete, "--scenario race --case handler", 1000},
    {Mutation::forget_lender, "--scenario race --case lend", 1000},
    {Mutation::pass_writer, "--scenario race --case rw", 1000},
    {Mutation::skip_ipi, "--scenario race --case rm", 1000},
    {Mutation::keep_big_lock, "--scenario race --case biglock", 1000},
    {Mutation::wake_several, "--scenario race --case cv", 1000},
    {Mutation::lost_exit, "--scenario race --case mutex", 1000},
};

/// What the unbroken kernel must survive.
constexpr const char* searches[] = {
    "--scenario race --case mutex",   "--scenario race --case rw",
    "--scenario race --case rm",      "--scenario race --case lend",
    "--scenario race --case biglock", "--scenario race --case cv",
    "--scenario race --case handler", "--scenario race --case softint",
    "--scenario race --case callout", "--scenario race --case rearm",
};

} // namespace explored
