// SPDX-License-Identifier: BSD-2-Clause
#include "view/statistics.hpp"

#include "trace/words.hpp"
#include "view/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace view {
namespace {

using model::Durations;
using LocksBlockedOn = std::map<trace::LockId, Durations>;

constexpr std::chrono::milliseconds budget{4};
constexpr usize slice = 1000;

std::string duration(const Context& context, double ticks) {
    double seconds = ticks / static_cast<double>(std::max<u64>(1, context.state.timebase));
    if (seconds >= 1)
        return fmt::format("{:.2f} s", seconds);
    if (seconds >= 1e-3)
        return fmt::format("{:.2f} ms", seconds * 1e3);
    return fmt::format("{:.1f} µs", seconds * 1e6);
}

std::string spaced(std::string words) {
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

void cell(const std::string& words) {
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(words.c_str());
}

void count_cell(u64 count) {
    ImGui::TableNextColumn();
    if (count == 0)
        ImGui::TextDisabled("0");
    else
        ImGui::TextUnformatted(std::to_string(count).c_str());
}

/// "mean (longest)", or a dash.
void times_cell(const Context& context, const Durations& times) {
    ImGui::TableNextColumn();
    if (times.count == 0)
        ImGui::TextDisabled("-");
    else
        ImGui::TextUnformatted(fmt::format("{} (longest {})", duration(context, times.mean()),
                                           duration(context, static_cast<double>(times.longest)))
                                   .c_str());
}

/// A bar per doubling of the time; under the pointer its bounds and count.
void histogram_cell(const Context& context, const Durations& times) {
    ImGui::TableNextColumn();
    float side = context.px(9), height = ImGui::GetTextLineHeight();
    ImVec2 at = ImGui::GetCursorScreenPos();
    auto first = std::find_if(times.histogram.begin(), times.histogram.end(),
                              [](u32 count) { return count != 0; });
    auto last = std::find_if(times.histogram.rbegin(), times.histogram.rend(), [](u32 count) {
                    return count != 0;
                }).base();
    u32 most = *std::max_element(times.histogram.begin(), times.histogram.end());
    if (first >= last)
        return;
    float x = at.x;
    for (auto bar = first; bar != last; ++bar, x += side) {
        float share = static_cast<float>(*bar) / static_cast<float>(most);
        float top = *bar == 0 ? at.y + height - 1 : at.y + (height - 2) * (1 - share);
        ImGui::GetWindowDrawList()->AddRectFilled({x, std::min(top, at.y + height - 2)},
                                                  {x + side - 1, at.y + height},
                                                  context.theme.accent);
        if (ImGui::IsMouseHoveringRect({x, at.y}, {x + side, at.y + height})) {
            auto power = static_cast<unsigned>(bar - times.histogram.begin());
            ImGui::SetTooltip("%u took less than %s, and not less than half of it", *bar,
                              duration(context, static_cast<double>(1ULL << power)).c_str());
        }
    }
    ImGui::Dummy({x - at.x, height});
}

/// "12 on line, mean 3 ms (longest 4 ms)" per lock.
void blocked_cell(Context& context, const LocksBlockedOn& locks) {
    ImGui::TableNextColumn();
    if (locks.empty())
        ImGui::TextDisabled("never");
    for (const auto& [id, times] : locks) {
        ImGui::Text("%llu on", static_cast<unsigned long long>(times.count));
        ImGui::SameLine(0, context.px(4));
        draw_link(context, object(id), context.store.names().of(id));
        ImGui::SameLine(0, context.px(4));
        ImGui::Text("for %s (longest %s)", duration(context, times.mean()).c_str(),
                    duration(context, static_cast<double>(times.longest)).c_str());
    }
}

template <class Id> void name_cell(Context& context, Id id) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    draw_link(context, object(id), context.store.names().of(id));
}

bool begin_table(const char* title, std::initializer_list<const char*> columns) {
    ImGui::Spacing();
    ImGui::TextDisabled("%s", title);
    if (!ImGui::BeginTable(title, static_cast<int>(columns.size()),
                           ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_RowBg
                               | ImGuiTableFlags_BordersInnerV))
        return false;
    for (const char* column : columns)
        ImGui::TableSetupColumn(column);
    ImGui::TableHeadersRow();
    return true;
}

/// The names of enumeration values that occurred, with their counts: "preempted 12 · slept 3".
template <class E, usize n> std::string reasons(const std::array<u64, n>& counts) {
    std::string words;
    for (usize i = 0; i < n; i++)
        if (counts[i] != 0)
            words += fmt::format("{}{} {}", words.empty() ? "" : "  ·  ",
                                 spaced(std::string(trace::word(static_cast<E>(i)))), counts[i]);
    return words.empty() ? "none" : words;
}

} // namespace

void StatisticsPane::measure(Context& context, const std::optional<Range>& range) {
    model::Store& store = context.store;
    if (store.empty()) {
        measurement_.reset();
        return;
    }
    usize from = range ? std::min(range->first, store.size()) : 0;
    usize to = range ? std::min(range->second, store.size()) : store.size();
    if (!measurement_ || range_ != range || at_ > store.size() || first_stamp_ != store.stamp(0)) {
        range_ = range;
        first_stamp_ = store.stamp(0);
        from_ = at_ = from;
        u64 time = from < store.size() ? store.time(from) : store.time(store.size() - 1);
        measurement_.emplace(model::State(store.state_after(from)), from, time);
        store.state_after(context.shown); // the frame's state is the one that is shown
        found_ = measurement_->result();
    }
    auto end = std::chrono::steady_clock::now() + budget;
    usize before = at_;
    while (at_ < to && std::chrono::steady_clock::now() < end)
        for (usize until = std::min(to, at_ + slice); at_ < until; at_++)
            measurement_->add(store.event(at_));
    if (at_ != before)
        found_ = measurement_->result();
    context.animate = context.animate || at_ < to;
}

void StatisticsPane::draw(Context& context, const std::optional<Range>& range) {
    measure(context, range);
    if (!measurement_) {
        ImGui::TextDisabled("No event yet.");
        return;
    }
    std::string of = range ? fmt::format("Events {} to {}, between the timeline's markers",
                                         range->first + 1, range->second)
                           : fmt::format("The whole run so far, {} events; markers A and B on the "
                                         "timeline (keys a, b) choose a part",
                                         at_);
    ImGui::TextDisabled("%s  ·  %s", of.c_str(),
                        duration(context, static_cast<double>(found_.duration())).c_str());
    if (context.source.finding() != nullptr)
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(context.theme.warning),
                           "On the simulated machine work takes no time: counts mean what they "
                           "say, durations and shares nothing.");
    ImGui::BeginChild("statistics", ImVec2(0, 0), false, ImGuiWindowFlags_HorizontalScrollbar);
    draw_reports(context);
    draw_handlers(context);
    draw_softints(context);
    draw_callouts(context);
    draw_locks(context);
    draw_switches();
    ImGui::EndChild();
}

void StatisticsPane::draw_reports(Context& context) const {
    if (found_.reports_of.empty())
        return;
    ImGui::TextDisabled("Reports of the kernel's checkers: %s",
                        reasons<trace::ReportKind>(found_.reports).c_str());
    int number = 0;
    for (const model::ReportStatistics& report : found_.reports_of) {
        ImGui::PushID(number++);
        if (ImGui::SmallButton(fmt::format("event {}", report.event + 1).c_str()))
            context.playback.seek(report.event + 1);
        ImGui::SameLine();
        ImGui::PushStyleColor(ImGuiCol_Text, context.theme.warning);
        ImGui::TextUnformatted(spaced(std::string(trace::word(report.kind))).c_str());
        ImGui::PopStyleColor();
        ImGui::SameLine();
        ImGui::TextUnformatted(context.store.names().of(report.text).c_str());
        ImGui::PopID();
    }
}

void StatisticsPane::draw_handlers(Context& context) const {
    if (found_.lines.empty()
        || !begin_table("Interrupt handlers",
                        {"line", "claimed", "borrowed", "switched to", "inside", "blocked",
                         "of all", "time", "histogram", "blocked on", "deferred", "run out"}))
        return;
    for (const auto& [id, line] : found_.lines) {
        name_cell(context, id);
        u64 begun = line.borrowed + line.dispatched + line.inside, blocked = 0;
        for (const auto& [lock, times] : line.blocked_on)
            blocked += times.count;
        count_cell(line.claims);
        count_cell(line.borrowed);
        count_cell(line.dispatched);
        count_cell(line.inside);
        count_cell(blocked);
        cell(begun == 0 ? "-"
                        : fmt::format("{:.1f} %", 100.0 * static_cast<double>(line.blocked.count)
                                                      / static_cast<double>(begun)));
        times_cell(context, line.all);
        histogram_cell(context, line.all);
        blocked_cell(context, line.blocked_on);
        count_cell(line.deferred);
        count_cell(line.run_outs);
    }
    ImGui::EndTable();
}

void StatisticsPane::draw_softints(Context& context) const {
    if (found_.softints.empty()
        || !begin_table("Soft interrupts", {"softint", "runs", "time", "histogram", "blocked on"}))
        return;
    for (const auto& [id, softint] : found_.softints) {
        name_cell(context, id);
        count_cell(softint.runs.count);
        times_cell(context, softint.runs);
        histogram_cell(context, softint.runs);
        blocked_cell(context, softint.blocked_on);
    }
    ImGui::EndTable();
}

void StatisticsPane::draw_callouts(Context& context) const {
    if (found_.callouts.empty()
        || !begin_table("Callouts", {"callout", "fired", "late", "latest", "cancelled", "skipped",
                                     "time", "histogram"}))
        return;
    for (const auto& [id, callout] : found_.callouts) {
        name_cell(context, id);
        count_cell(callout.runs.count);
        count_cell(callout.late);
        cell(callout.latest == 0
                 ? "-"
                 : fmt::format("{} tick{}", callout.latest, callout.latest == 1 ? "" : "s"));
        count_cell(callout.cancelled);
        count_cell(callout.skipped);
        times_cell(context, callout.runs);
        histogram_cell(context, callout.runs);
    }
    ImGui::EndTable();
}

void StatisticsPane::draw_locks(Context& context) const {
    if (found_.locks.empty()
        || !begin_table("Locks", {"lock", "acquired", "after waiting", "blocks", "spins", "wait",
                                  "hold", "hold histogram"}))
        return;
    for (const auto& [id, lock] : found_.locks) {
        name_cell(context, id);
        count_cell(lock.acquisitions);
        count_cell(lock.contended);
        count_cell(lock.blocks);
        count_cell(lock.spins);
        times_cell(context, lock.wait);
        times_cell(context, lock.hold);
        histogram_cell(context, lock.hold);
    }
    ImGui::EndTable();
}

void StatisticsPane::draw_switches() const {
    ImGui::Spacing();
    ImGui::TextDisabled("mi_switch");
    ImGui::TextUnformatted(reasons<trace::SwitchReason>(found_.switches).c_str());
    ImGui::TextDisabled("Preemptions refused");
    ImGui::TextUnformatted(reasons<trace::Refusal>(found_.refusals).c_str());
}

} // namespace view
