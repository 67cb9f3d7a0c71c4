// SPDX-License-Identifier: BSD-2-Clause
// explore: looks for a schedule under which the kernel that is linked into this program fails.
//
//   status 0   nothing was found within the budget
//          1   a failure was found, or replay met the failure again
//          2   the kernel or this program refuses what it is asked to do
//          3   replay: the schedule's choice points are not those of this kernel, or it does not
//              fail any more
//        130   cancelled, and nothing was found so far
#include "explore/command.hpp"
#include "explore/rules.hpp"
#include "session/command_line.hpp"
#include "session/lab.hpp"

#include <fmt/format.h>

namespace {

std::map<std::string, explore::Pruning> pruning_rules() {
    std::map<std::string, explore::Pruning> rules;
    for (usize i = 0; i < std::size(explore::pruning_names); i++)
        rules[explore::pruning_names[i]] = static_cast<explore::Pruning>(i);
    return rules;
}

void add_options(CLI::App& app, explore::Wish& wish) {
    app.add_option("--scenario", wish.scenario, "what the kernel does")->capture_default_str();
    app.add_option("--case", wish.play, "which part of the scenario");
    app.add_option("--mutation", wish.mutation, "a bug to switch on (kernel/hart/mutation.hpp)");
    app.add_option("-p,--parameter", wish.parameters, "a boot parameter, name=value");
    app.add_option("--harts", wish.subject.harts, "how many harts")
        ->check(CLI::Range(1, 8))
        ->capture_default_str();
    app.add_option("--strategy", wish.strategy, "random, pct or exhaustive")
        ->check(CLI::IsMember({"random", "pct", "exhaustive"}))
        ->capture_default_str();
    app.add_option("--budget", wish.budget,
                   "schedules at most; else 100000, and exhaustive: all there are")
        ->check(CLI::Range(u64{1}, u64{1'000'000'000'000}));
    app.add_option("--seconds", wish.seconds, "time at most; 0: no limit")->capture_default_str();
    app.add_option("--first", wish.first, "random, pct: the first seed")->capture_default_str();
    app.add_option("--depth", wish.depth, "pct: the depth of the bug")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    app.add_option("--bound", wish.bound, "exhaustive: departures at most")->capture_default_str();
    app.add_option("--pruning", wish.pruning, "exhaustive: sound, none, or one of the wrong rules")
        ->transform(CLI::CheckedTransformer(pruning_rules()));
    app.add_flag_callback(
        "--no-pruning", [&wish] { wish.pruning = explore::Pruning::none; },
        "exhaustive: leave nothing out");
    app.add_flag("!--no-ticks", wish.subject.ticks, "time passes only when all wait");
    app.add_flag("!--no-late", wish.subject.late, "a device's signal arrives at once");
    app.add_flag("--stores", wish.subject.stores, "stores to shared words may be delayed");
    app.add_flag("--reports", wish.subject.reports, "what checkers report is no failure");
    app.add_flag("--events", wish.subject.events,
                 "what a run's events say must be possible (with a lab: always)");
    app.add_option("--workers", wish.workers, "processes")->capture_default_str();
    app.add_option("--out", wish.out, "where the trace of a failure goes; beside it, its schedule");
    app.add_option("--replay", wish.replay, "a schedule to run again");
    app.add_flag("--once", wish.once, "make the run without departures, and write its trace");
    app.add_flag("--quiet", wish.quiet, "no progress");
    app.add_option("--notices", wish.notices,
                   "a descriptor to which to write how it goes, for programs (notices.hpp)");
}

/// What lab.toml says, where the command line says nothing.
void take_over(const session::Lab& lab, const CLI::App& app, explore::Wish& wish) {
    wish.scenario = lab.scenario;
    if (app.count("--harts") == 0)
        wish.subject.harts = lab.harts;
    wish.parameters.insert(wish.parameters.begin(), lab.parameters.begin(), lab.parameters.end());
    wish.parameters.insert(wish.parameters.begin(), "seed=" + std::to_string(lab.seed));
}

} // namespace

int main(int count, char** words) {
    CLI::App app("Looks for a schedule under which the kernel fails.", "explore");
    explore::Wish wish;
    std::string lab;
    add_options(app, wish);
    app.add_option("--lab", lab, "the folder of the lab that is linked in: its lab.toml is used");
    if (std::optional<int> end = session::parse(app, count, words))
        return *end;
    try {
        if (!lab.empty())
            take_over(session::load_lab(lab), app, wish);
        wish.subject.events = wish.subject.events || explore::lab_has_rules();
        if (!wish.replay.empty())
            return explore::replay(wish);
        return wish.once ? explore::run_once(wish) : explore::find(wish);
    } catch (const std::exception& error) {
        fmt::print(stderr, "explore: {}.\n", error.what());
        return session::status_refused;
    }
}
