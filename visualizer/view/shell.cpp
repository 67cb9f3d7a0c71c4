// SPDX-License-Identifier: BSD-2-Clause
#include "view/shell.hpp"

#include "view/bars.hpp"
#include "view/draw.hpp"

#include <algorithm>
#include <cmath>

namespace view {
namespace {

constexpr float scales[] = {0.75f, 0.875f, 1, 1.125f, 1.25f, 1.5f, 1.75f, 2, 2.5f, 3};

} // namespace

std::optional<Layout> layout_named(std::string_view name) {
    static constexpr const char* names[] = {"all",     "machine", "timeline",   "narration",
                                            "console", "lab",     "statistics", "finder"};
    for (usize i = 0; i < std::size(names); i++)
        if (name == names[i])
            return static_cast<Layout>(i);
    return std::nullopt;
}

Shell::Shell(Source& source, Settings& settings, std::optional<session::Lab> lab)
    : stage_(source)
    , source_(stage_)
    , settings_(settings)
    , playback_(stage_)
    , lab_pane_(std::move(lab))
    , walk_(settings) {
    add_machine_commands();
    add_finder_commands();
    add_window_commands();
    playback_.set_rate(settings.rate);
}

void Shell::add_machine_commands() {
    auto step = [this](Stop stop) { return [this, stop] { playback_.step(stop); }; };
    auto back = [this](Stop stop) { return [this, stop] { playback_.step_back(stop); }; };
    auto not_at_start = [this] { return playback_.shown() != 0; };
    auto rate = [this](int by) {
        return [this, by] {
            playback_.set_rate(playback_.rate_index() + by);
            settings_.rate = playback_.rate_index();
        };
    };
    const char* menu = "Machine";
    commands_.add(
        {"run-pause", menu, "Run or pause", {{' '}, {key_f5}}, [this] { playback_.toggle(); }});
    commands_.add({"step-event", menu, "Step one event", {{key_right}, {'n'}}, step(Stop::event)});
    commands_.add(
        {"step-interrupt", menu, "Step to the next interrupt", {{'i'}}, step(Stop::interrupt)});
    commands_.add(
        {"step-switch", menu, "Step to the next switch", {{'s'}}, step(Stop::sched_switch)});
    commands_.add({"back-event",
                   menu,
                   "Back one event",
                   {{key_left}, {'p'}},
                   back(Stop::event),
                   not_at_start});
    commands_.add({"back-interrupt",
                   menu,
                   "Back to the previous interrupt",
                   {{'i', false, true}},
                   back(Stop::interrupt),
                   not_at_start});
    commands_.add({"back-switch",
                   menu,
                   "Back to the previous switch",
                   {{'s', false, true}},
                   back(Stop::sched_switch),
                   not_at_start});
    commands_.add({"to-start", menu, "Show the start of the run", {{key_home}}, [this] {
                       playback_.to_start();
                   }});
    commands_.add({"to-newest", menu, "Return to the newest event", {{key_end}}, [this] {
                       playback_.to_newest();
                   }});
    commands_.add({"slower", menu, "Slower", {{'-'}}, rate(-1)});
    commands_.add({"faster", menu, "Faster", {{'+'}, {'='}}, rate(1)});
    commands_.add({"restart", menu, "Restart", {{'r', true}}, [this] { playback_.restart(); }});
    commands_.add({"rebuild",
                   menu,
                   "Rebuild and restart",
                   {{'b', true}},
                   [this] { playback_.rebuild(); },
                   [this] { return stage_.house().has_machine() && lab_pane_.has_lab(); }});
    commands_.add({"grade",
                   menu,
                   "Grade the lab",
                   {{'g', true}},
                   [this] { source_.grade(); },
                   [this] {
                       auto status = stage_.house().status();
                       return stage_.house().has_machine() && lab_pane_.has_lab() && !status.grading
                              && status.phase != session::Phase::building;
                   }});
    commands_.add({"quit", menu, "Quit", {{'q', true}}, [this] { quit_ = true; }});
}

void Shell::change_scale(int direction) {
    auto* at = std::min_element(std::begin(scales), std::end(scales), [this](float a, float b) {
        return std::abs(a - settings_.scale) < std::abs(b - settings_.scale);
    });
    auto index =
        std::clamp<std::ptrdiff_t>(at - std::begin(scales) + direction, 0, std::ssize(scales) - 1);
    settings_.scale = scales[index];
}

void Shell::add_layout_commands() {
    struct Pane {
        Layout layout;
        const char *id, *title;
        std::vector<Chord> chords;
    };
    const Pane panes[] = {{Layout::all, "show-all", "All panes", {{'0'}}},
                          {Layout::machine, "show-machine", "Machine alone", {{'1'}, {key_f11}}},
                          {Layout::timeline, "show-timeline", "Timeline alone", {{'2'}}},
                          {Layout::narration, "show-narration", "Narration alone", {{'3'}}},
                          {Layout::console, "show-console", "Console alone", {{'4'}}},
                          {Layout::lab, "show-lab", "Lab alone", {{'5'}}},
                          {Layout::statistics, "show-statistics", "Statistics alone", {{'6'}}},
                          {Layout::finder, "show-finder", "Race finder alone", {{'7'}}}};
    for (const Pane& pane : panes)
        commands_.add(
            {pane.id, "View", pane.title, pane.chords,
             [this, wanted = pane.layout] { layout_ = layout_ == wanted ? Layout::all : wanted; },
             [] { return true; }, [this, wanted = pane.layout] { return layout_ == wanted; }});
}

void Shell::add_window_commands() {
    const char* menu = "View";
    auto always = [] { return true; };
    add_layout_commands();
    commands_.add({"theme",
                   menu,
                   "Dark theme",
                   {{'d', true}},
                   [this] { settings_.dark = !settings_.dark; },
                   always,
                   [this] { return settings_.dark; }});
    commands_.add(
        {"larger", menu, "Larger text", {{'+', true}, {'=', true}}, [this] { change_scale(1); }});
    commands_.add({"smaller", menu, "Smaller text", {{'-', true}}, [this] { change_scale(-1); }});
    commands_.add({"deselect", menu, "Select nothing", {{key_escape}}, [this] {
                       if (!sheet_)
                           selection_.object.reset();
                       sheet_ = false;
                   }});
    auto mark = [this](int which) {
        return [this, which] { timeline_.toggle_marker(which, playback_.shown()); };
    };
    commands_.add({"mark-a", menu, "Marker A here", {{'a'}}, mark(0)});
    commands_.add({"mark-b", menu, "Marker B here", {{'b'}}, mark(1)});
    commands_.add({"walk", "Help", "One-minute walk", {{key_f1}}, [this] { walk_.start(); }});
    commands_.add({"keys", "Help", "Keys", {{'?'}}, [this] { sheet_ = !sheet_; }});
}

bool Shell::frame(const Canvas& canvas, float seconds) {
    follow_search();
    bool moves = playback_.advance(seconds) || stage_.read_on();
    usize shown = playback_.shown();
    model::Store& store = source_.store();
    Context context{source_,        playback_,      selection_, commands_,
                    canvas.theme(), canvas.fonts(), store,      store.state_after(shown),
                    shown,          seconds,        false};
    ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->Pos);
    ImGui::SetNextWindowSize(viewport->Size);
    ImGui::Begin("Interlude", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_MenuBar
                     | ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav
                     | ImGuiWindowFlags_NoScrollWithMouse);
    if (ImGui::BeginMenuBar()) {
        commands_.draw_menus();
        ImGui::EndMenuBar();
    }
    draw_stepping_bar(context);
    draw_scrub_bar(context);
    if (const load::Finding* finding = source_.finding())
        draw_found_bar(context, *finding);
    selection_.hovered.reset();
    draw_all(context);
    draw_status_bar(context);
    ImGui::End();
    draw_sheet(context);
    walk_.draw(context);
    settings_.rate = playback_.rate_index();
    return moves || context.animate;
}

void Shell::draw_all(Context& context) {
    ImVec2 room = ImGui::GetContentRegionAvail();
    float status = ImGui::GetTextLineHeightWithSpacing();
    room.y -= status + ImGui::GetStyle().ItemSpacing.y;
    if (layout_ != Layout::all) {
        ImGui::BeginChild("one", room, true, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoNav);
        draw_one(context, layout_);
        ImGui::EndChild();
        return;
    }
    float bar = context.px(6);
    ImVec2 at = ImGui::GetCursorScreenPos();
    float bottom = std::floor(room.y * settings_.bottom_share),
          right = std::floor(room.x * settings_.right_share);
    float top = room.y - bottom - bar, left = room.x - right - bar;
    ImGui::BeginChild("machine", {left, top}, false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    draw_one(context, Layout::machine);
    ImGui::EndChild();
    float moved = draw_splitter(context, "left|right", {at.x + left, at.y}, {bar, top}, true);
    settings_.right_share = std::clamp(settings_.right_share - moved / room.x, 0.1f, 0.8f);
    ImGui::SetCursorScreenPos({at.x + left + bar, at.y});
    ImGui::BeginChild("right", {right, top}, false);
    draw_right(context, {right, top});
    ImGui::EndChild();
    moved = draw_splitter(context, "top|bottom", {at.x, at.y + top}, {room.x, bar}, false);
    settings_.bottom_share = std::clamp(settings_.bottom_share - moved / room.y, 0.1f, 0.8f);
    ImGui::SetCursorScreenPos({at.x, at.y + top + bar});
    ImGui::BeginChild("bottom", {room.x, bottom}, true, ImGuiWindowFlags_NoScrollbar);
    draw_bottom(context, {room.x, bottom});
    ImGui::EndChild();
}

void Shell::draw_one(Context& context, Layout layout) {
    switch (layout) {
    case Layout::all:
    case Layout::machine:
        return machine_.draw(context);
    case Layout::timeline:
        return timeline_.draw(context);
    case Layout::narration:
        return narration_.draw(context);
    case Layout::console:
        return console_.draw(context);
    case Layout::lab:
        return lab_pane_.draw(context);
    case Layout::statistics:
        return statistics_.draw(context, timeline_.marked());
    case Layout::finder:
        return finder_pane_.draw(context);
    }
}

void Shell::draw_right(Context& context, ImVec2 size) {
    float bar = context.px(6);
    ImVec2 at = ImGui::GetCursorScreenPos();
    float below = std::floor(size.y * settings_.inspector_share), above = size.y - below - bar;
    ImGui::BeginChild("narration", {size.x, above}, true, ImGuiWindowFlags_NoScrollbar);
    narration_.draw(context);
    ImGui::EndChild();
    float moved =
        draw_splitter(context, "narration|inspector", {at.x, at.y + above}, {size.x, bar}, false);
    settings_.inspector_share = std::clamp(settings_.inspector_share - moved / size.y, 0.1f, 0.9f);
    ImGui::SetCursorScreenPos({at.x, at.y + above + bar});
    ImGui::BeginChild("inspector", {size.x, below}, true);
    inspector_.draw(context);
    ImGui::EndChild();
}

void Shell::draw_bottom(Context& context, ImVec2 /*size*/) {
    if (!ImGui::BeginTabBar("bottom"))
        return;
    auto tab = [&](const char* label, auto&& draw) {
        bool wanted = wanted_tab_ != nullptr && std::string_view(label) == wanted_tab_;
        ImGuiTabItemFlags flags = wanted ? ImGuiTabItemFlags_SetSelected : 0;
        if (ImGui::BeginTabItem(label, nullptr, flags)) {
            draw();
            ImGui::EndTabItem();
        }
    };
    usize problems =
        context.store.problems().size() + (context.source.finding() != nullptr ? 1 : 0);
    std::string title = problems == 0 ? "Problems###problems"
                                      : "Problems (" + std::to_string(problems) + ")###problems";
    tab("Timeline", [&] { timeline_.draw(context); });
    tab("Statistics", [&] { statistics_.draw(context, timeline_.marked()); });
    tab("Console", [&] { console_.draw(context); });
    if (lab_pane_.has_lab())
        tab("Lab", [&] { lab_pane_.draw(context); });
    if (context.source.search() != nullptr)
        tab("Race finder", [&] { finder_pane_.draw(context); });
    tab(title.c_str(), [&] { draw_problems(context); });
    wanted_tab_ = nullptr;
    ImGui::EndTabBar();
}

void Shell::draw_sheet(Context& context) {
    if (!sheet_)
        return;
    ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::SetNextWindowBgAlpha(1);
    if (ImGui::Begin("Keys", &sheet_,
                     ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoCollapse
                         | ImGuiWindowFlags_NoNav))
        context.commands.draw_sheet();
    ImGui::End();
}

} // namespace view
