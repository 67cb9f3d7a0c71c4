// SPDX-License-Identifier: BSD-2-Clause
// interlude check TRACE: replays it, and says what is wrong: with the trace (garbage, losses), with
// its story (what cannot happen), with the machine (broken invariants). Status 0 only if nothing
// is.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"

#include <fmt/format.h>
#include <memory>
#include <set>

namespace cli {

namespace {

// Prints each sentence once, with the event after which it was first true.
u64 check_invariants(const OpenedTrace& trace, usize every) {
    std::set<std::string> seen;
    model::State state;
    for (usize i = 0; i < trace.store.size(); i++) {
        model::Event event = trace.store.event(i);
        state.apply(event.record, event.hart);
        if (i % every != 0 || state.in_snapshot)
            continue;
        for (const std::string& broken : state.check())
            if (seen.insert(broken).second)
                fmt::print("event {}: {}\n", i, broken);
    }
    return seen.size();
}

void check(const std::string& directory, usize every) {
    OpenedTrace trace(directory);
    for (const model::Problem& problem : trace.store.problems())
        fmt::print("event {}: {}\n", problem.at_event, problem.sentence);
    u64 broken = check_invariants(trace, every == 0 ? 1 : every);
    u64 problems = trace.store.problem_count();
    fmt::print("{} events, {} problems, {} broken invariants\n", trace.store.size(), problems,
               broken);
    if (problems + broken != 0)
        throw CLI::RuntimeError(1);
}

} // namespace

void add_check(CLI::App& program) {
    auto directory = std::make_shared<std::string>();
    auto every = std::make_shared<usize>(1);
    CLI::App* command = program.add_subcommand("check", "replay a trace and check every invariant");
    command->add_option("trace", *directory, "trace directory")->required();
    command->add_option("--every", *every, "check the invariants after each nth event only");
    command->callback([directory, every] { check(*directory, *every); });
}

} // namespace cli
