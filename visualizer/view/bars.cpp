// SPDX-License-Identifier: BSD-2-Clause
#include "view/bars.hpp"

#include "view/draw.hpp"
#include "view/finder_pane.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view {
namespace {

std::string phase_words(const Context& context) {
    if (!context.source.has_machine())
        return context.playback.playing() ? "playing a recording" : "a recording";
    auto status = context.source.status();
    switch (status.phase) {
    case session::Phase::idle:
        return "no machine runs";
    case session::Phase::building:
        return "building";
    case session::Phase::running:
        return "the machine runs";
    case session::Phase::paused:
        return "the machine is paused";
    case session::Phase::ended:
        return fmt::format("the kernel ended with status {}", status.exit_status);
    case session::Phase::failed:
        return "failed";
    }
    return "";
}

std::string promise_words(const Context& context) {
    if (!context.source.has_machine())
        return "";
    auto status = context.source.status();
    std::string exact = status.exact ? "stops exactly after an event" : "stops as soon as it can";
    return exact
           + (status.repeatable ? " · repeatable: the same run gives the same events"
                                : " · not repeatable: each run differs");
}

/// What a found run fails with, and where it departs from the usual order.
void draw_finding(Context& context, const load::Finding& finding) {
    auto go_to = [&](usize event) {
        ImGui::PushID(static_cast<int>(event));
        if (ImGui::SmallButton(fmt::format("event {}", event + 1).c_str()))
            context.playback.seek(std::min(event + 1, context.store.size()));
        ImGui::PopID();
        ImGui::SameLine();
    };
    usize failure = failing_event(context.store, finding);
    go_to(failure);
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.bad);
    ImGui::TextUnformatted((who_made(context, failure) + ": " + finding.failure).c_str());
    ImGui::PopStyleColor();
    for (usize at : departures_in(context.store)) {
        go_to(at);
        ImGui::TextUnformatted(
            model::sentence(context.store.event(at), context.store.names()).c_str());
    }
}

} // namespace

void draw_stepping_bar(Context& context) {
    const Commands& commands = context.commands;
    bool playing = context.playback.playing();
    commands.draw_button("back-switch", "◀ switch");
    ImGui::SameLine();
    commands.draw_button("back-interrupt", "◀ interrupt");
    ImGui::SameLine();
    commands.draw_button("back-event", "◀ event");
    ImGui::SameLine(0, context.px(16));
    ImGui::PushStyleColor(ImGuiCol_Button, context.theme.accent);
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.accent_text);
    commands.draw_button("run-pause", playing ? "Pause###run" : "Run###run");
    ImGui::PopStyleColor(2);
    ImGui::SameLine(0, context.px(16));
    commands.draw_button("step-event", "event ▶");
    ImGui::SameLine();
    commands.draw_button("step-interrupt", "interrupt ▶");
    ImGui::SameLine();
    commands.draw_button("step-switch", "switch ▶");
    ImGui::SameLine(0, context.px(16));
    commands.draw_button("restart", context.source.has_machine() ? "Restart" : "To start");
    ImGui::SameLine(0, context.px(16));
    ImGui::TextDisabled("Speed");
    ImGui::SameLine();
    int rate = context.playback.rate_index();
    ImGui::SetNextItemWidth(context.px(90));
    if (ImGui::SliderInt("##speed", &rate, 0, Playback::rate_count - 1, "",
                         ImGuiSliderFlags_NoInput))
        context.playback.set_rate(rate);
    ImGui::SameLine();
    // What follows stays where it is at any speed.
    float after =
        ImGui::GetCursorPosX() + context.fonts.measure(Face::body, "10000 events a second  ").x;
    ImGui::TextUnformatted(Playback::rate_name(rate).c_str());
    if (context.playback.in_past()) {
        ImGui::SameLine(after);
        ImGui::PushStyleColor(ImGuiCol_Button, context.theme.warning);
        ImGui::PushStyleColor(ImGuiCol_Text, on_colour(context.theme.warning));
        commands.draw_button("to-newest", "You look at the past: return (End)###past");
        ImGui::PopStyleColor(2);
    } else if (context.source.has_machine()) {
        ImGui::SameLine(after);
        ImGui::TextDisabled("The machine is where the picture is.");
    }
}

void draw_scrub_bar(Context& context) {
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImVec2 size(ImGui::GetContentRegionAvail().x, context.px(18));
    ImGui::InvisibleButton("scrub", size);
    usize count = context.store.size();
    if (ImGui::IsItemActive() && count != 0) {
        float share = std::clamp((ImGui::GetIO().MousePos.x - at.x) / size.x, 0.0f, 1.0f);
        auto wanted = static_cast<usize>(share * static_cast<float>(count) + 0.5f);
        if (wanted != context.shown)
            context.playback.seek(wanted);
        context.animate = true;
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    bool past = context.playback.in_past();
    float share =
        count == 0
            ? 0
            : static_cast<float>(static_cast<double>(context.shown) / static_cast<double>(count));
    float x = at.x + size.x * share;
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, past ? theme.past : theme.raised,
                       context.px(3));
    list.AddRectFilled(at, {x, at.y + size.y},
                       mix(theme.raised, past ? theme.warning : theme.accent, 0.35f),
                       context.px(3));
    list.AddRectFilled({x - context.px(2), at.y}, {x + context.px(1), at.y + size.y},
                       past ? theme.warning : theme.accent);
    std::string words = fmt::format("event {} of {}", context.shown, count);
    if (usize setup = context.playback.setup_length(); setup > 1) {
        auto end = static_cast<float>(static_cast<double>(setup) / static_cast<double>(count));
        float middle = at.y + size.y - context.px(3);
        list.AddRectFilled({at.x, middle}, {at.x + size.x * end, at.y + size.y}, theme.line_strong);
        if (context.shown <= setup)
            words += fmt::format("  ·  set-up: the story begins after event {}", setup);
        if (ImGui::IsItemHovered())
            ImGui::SetTooltip("The dark bar is the set-up, %zu events: Run passes over it, steps "
                              "do not.",
                              setup);
    } else if (context.playback.passing_over()) {
        words += "  ·  passing over the set-up";
    }
    if (context.shown != 0)
        words += "  ·  " + context.time_text(context.store.time(context.shown - 1));
    if (auto phase = context.state.phase; phase != trace::TextId::none)
        words += "  ·  " + context.store.names().of(phase);
    draw_text(list, context.fonts, Face::small, {at.x + context.px(8), at.y + context.px(2)},
              theme.text, words, size.x - context.px(16));
}

void draw_status_bar(Context& context) {
    auto status = context.source.status();
    bool bad = status.phase == session::Phase::failed || context.state.panicked
               || (status.phase == session::Phase::ended && status.exit_status != 0);
    ImGui::PushStyleColor(ImGuiCol_Text, bad ? context.theme.bad : context.theme.text);
    ImGui::TextUnformatted(phase_words(context).c_str());
    ImGui::PopStyleColor();
    auto also = [](const std::string& words) {
        if (words.empty())
            return;
        ImGui::SameLine();
        ImGui::TextDisabled("·");
        ImGui::SameLine();
        ImGui::TextUnformatted(words.c_str());
    };
    if (!status.message.empty())
        also(status.message);
    if (context.state.panicked) {
        ImGui::PushStyleColor(ImGuiCol_Text, context.theme.bad);
        also("panic: " + context.store.names().of(context.state.panic_message));
        ImGui::PopStyleColor();
    }
    // In a run of the race finder time passes as it likes: what is said of durations is nothing.
    u32 reports = context.source.finding() == nullptr ? context.state.reports : 0;
    if (reports != 0) {
        ImGui::PushStyleColor(ImGuiCol_Text, context.theme.warning);
        also(fmt::format("{} report{} so far, the last one: {}", reports, reports == 1 ? "" : "s",
                         context.store.names().of(context.state.report)));
        ImGui::PopStyleColor();
    }
    if (u64 lost = context.store.discarded(); lost != 0) {
        ImGui::PushStyleColor(ImGuiCol_Text, context.theme.bad);
        also(fmt::format("{} events were lost", lost));
        ImGui::PopStyleColor();
    }
    if (usize problems = context.store.problems().size(); problems != 0) {
        ImGui::PushStyleColor(ImGuiCol_Text, context.theme.bad);
        also(fmt::format("{} problem{}", problems, problems == 1 ? "" : "s"));
        ImGui::PopStyleColor();
    }
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.text_faint);
    also(promise_words(context));
    also(context.source.title());
    if (!context.fonts.warning().empty())
        also(context.fonts.warning());
    ImGui::PopStyleColor();
}

void draw_problems(Context& context) {
    const auto& problems = context.store.problems();
    if (const load::Finding* finding = context.source.finding()) {
        draw_finding(context, *finding);
        ImGui::Separator();
    }
    if (problems.empty()) {
        ImGui::TextDisabled(
            "Nothing is wrong with this trace: no event was lost, none was impossible.");
        return;
    }
    ImGui::BeginChild("list", ImVec2(0, 0), false);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(problems.size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; i++) {
            const model::Problem& problem = problems[static_cast<usize>(i)];
            ImGui::PushID(i);
            if (ImGui::SmallButton(fmt::format("event {}", problem.at_event).c_str()))
                context.playback.seek(std::min(problem.at_event + 1, context.store.size()));
            ImGui::SameLine();
            std::string hart = problem.hart == trace::HartId::none
                                   ? ""
                                   : context.store.names().of(problem.hart) + ": ";
            ImGui::TextUnformatted((hart + problem.sentence).c_str());
            ImGui::PopID();
        }
    ImGui::EndChild();
}

} // namespace view
