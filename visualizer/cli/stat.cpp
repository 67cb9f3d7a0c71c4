// SPDX-License-Identifier: BSD-2-Clause
// interlude stat TRACE: counts and times.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"
#include "model/statistics.hpp"
#include "trace/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace cli {

namespace {

using model::Durations;
using model::Statistics;

std::string spread(const OpenedTrace& trace, const Durations& durations) {
    if (durations.count == 0)
        return "-";
    return fmt::format("{} (longest {})", trace.duration(durations.mean()),
                       trace.duration(static_cast<double>(durations.longest)));
}

double percent(u64 part, u64 whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_events(const Statistics& all) {
    fmt::print("Events\n");
    model::Events::for_each([&]<class E>() {
        if (u64 count = all.events[model::id_of<E>]; count != 0)
            fmt::print("  {:<22} {:>10}\n", E::info.name, count);
    });
}

template <class E, usize n>
void print_reasons(const char* title, const std::array<u64, n>& counts) {
    if (std::all_of(counts.begin(), counts.end(), [](u64 count) { return count == 0; }))
        return;
    fmt::print("\n{}\n", title);
    for (usize i = 0; i < n; i++)
        if (counts[i] != 0)
            fmt::print("  {:<22} {:>10}\n", model::word(static_cast<E>(i)), counts[i]);
}

void print_lines(const OpenedTrace& trace, const Statistics& all) {
    if (!all.lines.empty())
        fmt::print("\nInterrupt lines\n  {:<22} {:>8} {:>9} {:>7}   {:<30} {}\n", "", "claims",
                   "completed", "blocked", "handler time", "handler time when it blocked");
    for (const auto& [id, line] : all.lines)
        fmt::print("  {:<22} {:>8} {:>9} {:>7}   {:<30} {}\n", trace.store.names().of(id),
                   line.claims, line.completed.count, line.blocked.count,
                   spread(trace, line.completed), spread(trace, line.blocked));
}

void print_locks(const OpenedTrace& trace, const Statistics& all) {
    if (!all.locks.empty())
        fmt::print("\nLocks\n  {:<22} {:>8} {:>9} {:>7} {:>6}   {:<30} {}\n", "", "acquired",
                   "contended", "blocks", "spins", "wait", "hold");
    for (const auto& [id, lock] : all.locks)
        fmt::print("  {:<22} {:>8} {:>9} {:>7} {:>6}   {:<30} {}\n", trace.store.names().of(id),
                   lock.acquisitions, lock.contended, lock.blocks, lock.spins,
                   spread(trace, lock.wait), spread(trace, lock.hold));
}

void print_lwps(const OpenedTrace& trace, const Statistics& all) {
    u64 whole = all.duration() * std::max<u64>(trace.store.newest().hart_count, 1);
    fmt::print("\nLWPs\n  {:<22} {:>10} {:>8} {:>8}\n", "", "dispatches", "CPU", "of all");
    for (const auto& [id, lwp] : all.lwps)
        fmt::print("  {:<22} {:>10} {:>8} {:>7.2f}%\n", trace.store.names().of(id), lwp.dispatches,
                   trace.duration(static_cast<double>(lwp.ran)), percent(lwp.ran, whole));
}

void stat(const std::string& directory) {
    OpenedTrace trace(directory);
    Statistics all = model::measure(trace.store, 0, trace.store.size());
    print_events(all);
    print_reasons<model::SwitchReason>("Switches (mi_switch)", all.switches);
    print_reasons<model::Refusal>("Preemptions refused", all.refusals);
    print_lines(trace, all);
    if (all.softints.count != 0)
        fmt::print("\nSoft interrupts\n  {} runs, {}\n", all.softints.count,
                   spread(trace, all.softints));
    if (all.callouts.count != 0)
        fmt::print("\nCallouts\n  {} fired, {}\n", all.callouts.count, spread(trace, all.callouts));
    print_locks(trace, all);
    print_lwps(trace, all);
}

} // namespace

void add_stat(CLI::App& program) {
    auto directory = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("stat", "counts and times of a trace");
    command->add_option("trace", *directory, "trace directory")->required();
    command->callback([directory] { stat(*directory); });
}

} // namespace cli
