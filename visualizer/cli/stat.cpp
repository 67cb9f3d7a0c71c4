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

std::string blocked_on(const OpenedTrace& trace, const std::map<model::LockId, Durations>& locks) {
    std::string words;
    for (const auto& [id, times] : locks)
        words += fmt::format("{}{} times on {}, {}", words.empty() ? "" : "; ", times.count,
                             trace.store.names().of(id), spread(trace, times));
    return words;
}

/// S5.4: how often handlers blocked, for how long and on which lock.
void print_blocked(const OpenedTrace& trace, const Statistics& all) {
    bool any = false;
    auto row = [&](const std::string& name, const std::map<model::LockId, Durations>& locks) {
        if (locks.empty())
            return;
        if (!any)
            fmt::print("\nHandlers that blocked\n");
        any = true;
        fmt::print("  {:<22} {}\n", name, blocked_on(trace, locks));
    };
    for (const auto& [id, line] : all.lines)
        row(trace.store.names().of(id), line.blocked_on);
    for (const auto& [id, softint] : all.softints)
        row(trace.store.names().of(id), softint.blocked_on);
}

/// S5.14: a bar per doubling of the time that handlers took.
void print_histogram(const OpenedTrace& trace, const Statistics& all) {
    Durations sum;
    for (const auto& [id, line] : all.lines)
        for (usize bar = 0; bar < Durations::bars; bar++)
            sum.histogram[bar] += line.all.histogram[bar];
    u32 most = *std::max_element(sum.histogram.begin(), sum.histogram.end());
    if (most == 0)
        return;
    fmt::print("\nHandler time\n");
    constexpr u32 width = 40;
    for (usize bar = 0; bar < Durations::bars; bar++)
        if (u32 count = sum.histogram[bar]; count != 0)
            fmt::print("  below {:<16} {:>8}  {}\n",
                       trace.duration(static_cast<double>(1ULL << bar)), count,
                       std::string(std::max<u64>(1, u64{count} * width / most), '#'));
}

void print_softints(const OpenedTrace& trace, const Statistics& all) {
    if (!all.softints.empty())
        fmt::print("\nSoft interrupts\n  {:<22} {:>8}   {}\n", "", "runs", "time");
    for (const auto& [id, softint] : all.softints)
        fmt::print("  {:<22} {:>8}   {}\n", trace.store.names().of(id), softint.runs.count,
                   spread(trace, softint.runs));
}

void print_callouts(const OpenedTrace& trace, const Statistics& all) {
    if (!all.callouts.empty())
        fmt::print("\nCallouts\n  {:<22} {:>8} {:>6} {:>10} {:>8}   {}\n", "", "fired", "late",
                   "cancelled", "skipped", "time");
    for (const auto& [id, callout] : all.callouts)
        fmt::print("  {:<22} {:>8} {:>6} {:>10} {:>8}   {}\n", trace.store.names().of(id),
                   callout.runs.count, callout.late, callout.cancelled, callout.skipped,
                   spread(trace, callout.runs));
}

void print_reports(const OpenedTrace& trace, const Statistics& all) {
    print_reasons<model::ReportKind>("Reports", all.reports);
    for (const model::ReportStatistics& report : all.reports_of)
        fmt::print("  event {:<16} {}\n", report.event, trace.store.names().of(report.text));
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
    print_reports(trace, all);
    print_reasons<model::SwitchReason>("Switches (mi_switch)", all.switches);
    print_reasons<model::Refusal>("Preemptions refused", all.refusals);
    print_lines(trace, all);
    print_blocked(trace, all);
    print_histogram(trace, all);
    print_softints(trace, all);
    print_callouts(trace, all);
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
