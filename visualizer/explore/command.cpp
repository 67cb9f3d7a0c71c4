// SPDX-License-Identifier: BSD-2-Clause
#include "explore/command.hpp"

#include "explore/deepening.hpp"
#include "explore/notices.hpp"
#include "explore/recording.hpp"
#include "explore/rules.hpp"
#include "explore/shrink.hpp"

#include <chrono>
#include <cmath>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace explore {

namespace fs = std::filesystem;

namespace {

constexpr usize departures_told = 20;

/// The boot arguments that the wish comes to.
std::string arguments_of(const Wish& wish) {
    std::string text = "scenario=" + wish.scenario;
    if (!wish.play.empty())
        text += " case=" + wish.play;
    if (!wish.mutation.empty())
        text += " mutation=" + wish.mutation;
    for (const std::string& parameter : wish.parameters)
        text += " " + parameter;
    return text;
}

/// The run of this strategy, if the kernel does what it is asked for.
Outcome run_unless_refused(Runner& runner, Strategy& strategy) {
    Outcome outcome = runner.run_apart(strategy);
    if (outcome.ending == Ending::refused)
        throw std::runtime_error("the kernel says: " + outcome.sentence);
    return outcome;
}

/// A runner is ready if the kernel takes its boot parameters.
void make_ready(Runner& runner) {
    if (!runner.refusal().empty())
        throw std::runtime_error("the kernel says: "
                                 + runner.refusal().substr(0, runner.refusal().find('\n')));
    if (runner.subject().events)
        runner.set_judge(rules_of_events());
}

fs::path place_for(const Wish& wish) {
    if (!wish.out.empty())
        return wish.out;
    return fs::path("runs")
           / fmt::format("explore-{:%Y%m%d-%H%M%S}-{}", std::chrono::system_clock::now(), getpid());
}

std::string count_of(usize count, const char* thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

// ---- progress -----------------------------------------------------------------------------------

void show_progress(const Found& found, u64 begun, u64 items) {
    double rate = found.seconds > 0 ? static_cast<double>(found.schedules) / found.seconds : 0;
    double left =
        begun > 0 ? found.seconds * static_cast<double>(items - begun) / static_cast<double>(begun)
                  : 0;
    fmt::print(stderr, "\r{} schedules, {:.0f}/s, {:.0f} % done, about {:.0f} s left   ",
               found.schedules, rate,
               items > 0 ? 100.0 * static_cast<double>(begun) / static_cast<double>(items) : 0.0,
               left);
    std::fflush(stderr);
}

/// `bound`: of this search, if it is exhaustive; `before`: what earlier ones did.
Progress progress_of(const Wish& wish, unsigned bound = 0, const Found& before = {}) {
    bool shown = !wish.quiet && isatty(STDERR_FILENO) != 0;
    return [=, notices = Notices(wish.notices)](const Found& found, u64 begun, u64 items) {
        notices.tell("progress",
                     fmt::format("{} {:.2f} {} {} {}", before.schedules + found.schedules,
                                 before.seconds + found.seconds, begun, items, bound));
        if (shown)
            show_progress(found, begun, items);
    };
}

// ---- searching ----------------------------------------------------------------------------------

void say_completed(unsigned bound, const Found& found) {
    fmt::print("no run with at most {} fails: {} run, {} pruned, {}\n",
               count_of(bound, "departure"), count_of(found.schedules, "schedule"), found.pruned,
               count_of(found.behaviours, "behaviour"));
}

Found search_as_wished(const Wish& wish, Runner& runner, u64 length) {
    Limits limits{.workers = wish.workers, .seconds = wish.seconds};
    u64 budget = wish.budget.value_or(usual_budget);
    if (wish.strategy == "exhaustive") {
        limits.schedules = wish.budget.value_or(no_limit);
        return deepen(runner, length, {.to = wish.bound, .pruning = wish.pruning}, limits,
                      {[&](auto... of) { return progress_of(wish, of...); }, say_completed});
    }
    if (wish.strategy == "pct") {
        PctPlan plan(wish.first, budget, wish.depth, length);
        return search(plan, runner, limits, progress_of(wish));
    }
    RandomPlan plan(wish.first, budget);
    return search(plan, runner, limits, progress_of(wish));
}

// ---- what was found -----------------------------------------------------------------------------

/// The trace, and the schedule beside it: readers of CTF take every file in it for events.
void keep(const Wish& wish, Runner& runner, Schedule schedule, const std::string& caption) {
    std::vector<Recorded> events;
    Outcome outcome = runner.record(schedule.departures, caption, events);
    schedule.points = outcome.points;
    schedule.digest = outcome.digest;
    load::Finding finding{schedule.failure, caption, {}};
    for (const Departure& departure : schedule.departures)
        finding.departures.push_back(in_words(departure));
    fs::path out = place_for(wish), file = out.string() + ".schedule";
    write_trace(out, runner.subject(), finding, events);
    std::ofstream(file) << to_text(schedule);
    Notices notices(wish.notices);
    notices.tell("schedule", file.string());
    notices.tell("trace", out.string());
    fmt::print("trace     {}   (interlude open {})\nschedule  {}   (--replay {})\n", out.string(),
               out.string(), file.string(), file.string());
}

void show_found(const Wish& wish, Runner& runner, const Found& found) {
    u64 number = wish.strategy == "exhaustive" ? found.number : found.item + 1;
    usize before = found.failure->departures.size();
    fmt::print("FOUND {}\n", describe(*found.failure));
    std::fflush(stdout);
    Notices notices(wish.notices);
    notices.tell("shortening", std::to_string(before));
    Shrunk shrunk = shrink(runner, *found.failure);
    const Departures& departures = shrunk.outcome.departures;
    std::string caption =
        before == 0
            ? "it fails in the usual order: no departure is needed"
            : fmt::format("found after {}; {}, shortened to {}", count_of(number, "schedule"),
                          count_of(before, "preemption"), departures.size());
    fmt::print("{} (in {:.1f} s; shortening took {}{})\n", caption, found.seconds,
               count_of(shrunk.runs + shrunk.searched, "run"),
               shrunk.minimal ? "" : ", all that it may: not yet minimal");
    notices.tell("failure", describe(shrunk.outcome));
    notices.tell("caption", caption);
    for (usize i = 0; i < std::min(departures.size(), departures_told); i++) {
        fmt::print("  {}\n", to_text(departures[i]));
        notices.tell("departure", in_words(departures[i]));
    }
    keep(wish, runner,
         {.subject = runner.subject(),
          .departures = departures,
          .failure = describe(shrunk.outcome)},
         caption);
}

/// The bound of Burckhardt and others, for runs as long as these were: one run misses a bug of this
/// depth with a probability of at most 1 - p, so all of them with (1 - p) to their number.
void say_what_pct_promises(const Wish& wish, const Found& found, u64 length) {
    double harts = wish.subject.harts;
    double p =
        1 / (harts * std::pow(static_cast<double>(std::max<u64>(length, 1)), wish.depth - 1));
    double all = 1 - std::pow(1 - p, static_cast<double>(found.schedules));
    fmt::print("a bug of depth {} would have been met with a probability of at least {:.2g} a run, "
               "{:.2g} in all\n",
               wish.depth, p, all);
}

/// The bound that it did not come to the end of says nothing, and that must be said.
void say_incomplete(const Wish& wish, const Found& found) {
    bool late = wish.seconds > 0 && found.seconds >= wish.seconds;
    fmt::print("of those with at most {}, {} run, not all: {}\n",
               count_of(found.bound, "departure"), count_of(found.of_bound, "schedule"),
               found.cancelled ? "cancelled"
               : late          ? "the time is up"
                               : "the budget is used up");
}

/// `length`: points of the run without departures.
int show_end(const Wish& wish, const Found& found, u64 length) {
    double rate = found.seconds > 0 ? static_cast<double>(found.schedules) / found.seconds : 0;
    u64 points = found.schedules > 0 ? found.points / found.schedules : 0;
    fmt::print("{}nothing found in {} ({}, {:.1f} s, {:.0f}/s, {} points each{})\n",
               found.cancelled ? "cancelled: " : "", count_of(found.schedules, "schedule"),
               wish.strategy, found.seconds, rate, points,
               found.pruned != 0 ? fmt::format(", {} pruned", found.pruned) : "");
    if (wish.strategy == "exhaustive" && !found.complete)
        say_incomplete(wish, found);
    if (wish.strategy == "pct")
        say_what_pct_promises(wish, found, std::max(points, length));
    Notices(wish.notices)
        .tell("nothing", fmt::format("{} {:.2f} {} {} {}", found.schedules, found.seconds,
                                     found.complete ? 1 : 0, found.bound, found.of_bound));
    return found.cancelled ? status_cancelled : status_nothing;
}

} // namespace

int find(Wish wish) {
    wish.subject.arguments = arguments_of(wish);
    Runner runner(wish.subject);
    make_ready(runner);
    cancel_on_interrupt();

    // The run without departures tells how long runs are.
    FixedStrategy none({});
    Outcome usual = run_unless_refused(runner, none);
    constexpr u64 longer = 20, at_least = 200'000;
    if (!usual.failed())
        runner.set_step_limit(std::max(usual.steps * longer, at_least));
    if (!wish.quiet)
        fmt::print("{}: {} points in the run without departures\n", wish.subject.arguments,
                   usual.points);
    std::fflush(stdout);
    Notices(wish.notices).tell("usual", std::to_string(usual.points));
    Found found = usual.failed() ? Found{.failure = usual, .schedules = 1}
                                 : search_as_wished(wish, runner, usual.points);
    if (!wish.quiet && isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "\r\033[K");
    if (!found.failure)
        return show_end(wish, found, usual.points);
    show_found(wish, runner, found);
    return status_found;
}

int run_once(Wish wish) {
    wish.subject.arguments = arguments_of(wish);
    Runner runner(wish.subject);
    make_ready(runner);
    FixedStrategy none({});
    Outcome outcome = run_unless_refused(runner, none);
    fmt::print("{}\n", outcome.failed() ? describe(outcome) : "it passes");
    keep(wish, runner, {runner.subject(), {}, 0, 0, describe(outcome)},
         "the run without departures");
    return outcome.failed() ? status_found : status_nothing;
}

int replay(const Wish& wish) {
    std::ifstream file(wish.replay);
    std::stringstream text;
    text << file.rdbuf();
    if (!file)
        throw std::runtime_error(wish.replay.string()
                                 + " cannot be read: a schedule is a file "
                                   "that the race finder wrote, runs/*.schedule");
    Schedule schedule = schedule_from(text.str());
    Runner runner(schedule.subject);
    make_ready(runner);
    FixedStrategy strategy(schedule.departures);
    Outcome outcome = run_unless_refused(runner, strategy);
    bool same = outcome.digest == schedule.digest && outcome.points == schedule.points;
    if (!same)
        fmt::print("The choice points are not those of the schedule ({} points then, {} now; {} of "
                   "{} departures were possible): the kernel or the scenario has changed.\n",
                   schedule.points, outcome.points, outcome.departures.size(),
                   schedule.departures.size());
    fmt::print("{}\n", outcome.failed() ? describe(outcome) : "it passes");
    if (outcome.failed())
        keep(wish, runner, {schedule.subject, outcome.departures, 0, 0, describe(outcome)},
             "replayed: " + wish.replay.filename().string());
    if (!same || !outcome.failed())
        return status_outdated;
    return status_found;
}

} // namespace explore
