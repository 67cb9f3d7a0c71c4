// SPDX-License-Identifier: BSD-2-Clause
// interlude info TRACE: what, when, how, how much, and what is wrong with it.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"
#include "trace/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

namespace cli {

namespace {

constexpr usize problems_shown = 20;

void row(const char* what, const std::string& value) {
    if (!value.empty())
        fmt::print("{:<12} {}\n", what, value);
}

std::string outcome(const OpenedTrace& trace) {
    const model::State& end = trace.store.newest();
    const model::Names& names = trace.store.names();
    if (end.panicked)
        return "panic: " + names.of(end.panic_message);
    if (end.verdict != model::TextId::none)
        return fmt::format("{} ({})", names.of(end.verdict),
                           end.verdict_passed ? "passed" : "failed");
    return end.halted ? fmt::format("ended with status {}", end.exit_status)
                      : "was still running when the trace ends";
}

void print_problems(const OpenedTrace& trace) {
    const auto& problems = trace.store.problems();
    if (problems.empty()) {
        row("problems", "none");
        return;
    }
    row("problems", std::to_string(trace.store.problem_count()));
    for (usize i = 0; i < problems.size() && i < problems_shown; i++)
        fmt::print("  event {}: {}{}\n", problems[i].at_event, problems[i].sentence,
                   problems[i].count > 1 ? fmt::format(" ({})", problems[i].count) : "");
    if (problems.size() > problems_shown)
        fmt::print("  … and {} more (interlude check {} lists them)\n",
                   problems.size() - problems_shown, trace.directory.string());
}

void info(const std::string& directory) {
    OpenedTrace trace(directory);
    const model::Store& store = trace.store;
    const model::State& end = store.newest();
    row("trace", directory);
    row("image", trace.manifest.image.empty()
                     ? ""
                     : fmt::format("{} ({})", trace.manifest.image, trace.manifest.image_hash));
    row("build id", trace.manifest.build_id);
    row("started", trace.manifest.started);
    row("parameters", trace.manifest.parameters);
    row("QEMU", fmt::format("{}", fmt::join(trace.manifest.qemu, " ")));
    row("harts", std::to_string(end.hart_count));
    row("clock", fmt::format("{} Hz, hardclock {} Hz", end.timebase, end.hz));
    row("events",
        fmt::format("{} (and {} discarded by the kernel)", store.size(), store.discarded()));
    row("duration", trace.when(store.time(store.size() - 1)));
    auto known = [](const auto& table) {
        usize count = 0;
        for (const auto& each : table)
            count += each.known ? 1 : 0;
        return count;
    };
    row("objects",
        fmt::format("{} LWPs, {} locks, {} lines, {} soft interrupts, {} callouts", known(end.lwps),
                    known(end.locks), known(end.lines), known(end.softints), known(end.callouts)));
    row("outcome", outcome(trace));
    if (end.reports != 0)
        row("reports", fmt::format("{}, the last one ({}): {}", end.reports,
                                   model::word(end.report_kind), store.names().of(end.report)));
    print_problems(trace);
}

} // namespace

void add_info(CLI::App& program) {
    auto directory = std::make_shared<std::string>();
    CLI::App* command =
        program.add_subcommand("info", "what a trace is of, and whether it is sound");
    command->add_option("trace", *directory, "trace directory")->required();
    command->callback([directory] { info(*directory); });
}

} // namespace cli
