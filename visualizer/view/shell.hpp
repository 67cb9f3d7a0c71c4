// SPDX-License-Identifier: BSD-2-Clause
// The window's contents: menu, stepping bar, panes with splitters between them, status bar.
//
//   ┌ menu ──────────────────────────────────────────┐
//   │ stepping bar: back · run · forward · speed     │
//   │ scrub bar: where the picture is in the run     │
//   ├ Machine ──────────────────┬ Narration ─────────┤
//   │                           ├ Inspector ─────────┤
//   ├ Timeline | Statistics | Lab | Race finder | …  ┤
//   └ status ────────────────────────────────────────┘
//
// frame() is called between Canvas::begin() and end() and draws one frame. It returns whether
// something still moves, so that the loop can sleep when nothing does.
// Read next: context.hpp (what a pane gets), transport.cpp, machine/machine.hpp
#pragma once

#include "session/lab.hpp"
#include "view/canvas.hpp"
#include "view/console.hpp"
#include "view/finder_pane.hpp"
#include "view/inspector.hpp"
#include "view/lab_pane.hpp"
#include "view/machine/machine.hpp"
#include "view/narration.hpp"
#include "view/settings.hpp"
#include "view/stage.hpp"
#include "view/statistics.hpp"
#include "view/timeline/timeline.hpp"
#include "view/walk.hpp"

#include <optional>

namespace view {

/// What fills the window.
enum class Layout : u8 { all, machine, timeline, narration, console, lab, statistics, finder };
std::optional<Layout> layout_named(std::string_view name);

class Shell {
public:
    Shell(Source& source, Settings& settings, std::optional<session::Lab> lab = std::nullopt);

    /// Draws one frame; true if the next one will differ without anybody doing anything.
    bool frame(const Canvas& canvas, float seconds);

    /// True if the shortcut is one of ours.
    bool key(const Chord& chord) { return commands_.press(chord); }
    void show(Layout layout) { layout_ = layout; }
    /// Shows the run that the race finder found, or, if it is shown, the run before it. Not within
    /// a frame, whose views hold on to what is shown.
    void toggle_found();
    /// The next picture shows no motion: for screenshots.
    void settle() { machine_.settle(); }

    [[nodiscard]] bool wants_to_quit() const { return quit_; }
    [[nodiscard]] Playback& playback() { return playback_; }
    [[nodiscard]] Selection& selection() { return selection_; }
    [[nodiscard]] const Commands& commands() const { return commands_; }

private:
    void add_machine_commands();
    void add_window_commands();
    void add_finder_commands();
    void add_layout_commands();
    void forget_store();
    void follow_search();
    void draw_all(Context& context);
    void draw_one(Context& context, Layout layout);
    void draw_right(Context& context, ImVec2 size);
    void draw_bottom(Context& context, ImVec2 size);
    void draw_sheet(Context& context);
    void change_scale(int direction);

    Stage stage_;
    Source& source_; // the stage
    Settings& settings_;
    Playback playback_;
    Selection selection_;
    Commands commands_;
    machine::MachineView machine_;
    Narration narration_;
    Inspector inspector_;
    Console console_;
    timeline::Timeline timeline_;
    StatisticsPane statistics_;
    LabPane lab_pane_;
    FinderPane finder_pane_;
    Walk walk_;
    Layout layout_ = Layout::all;
    bool quit_ = false, sheet_ = false;
    usize live_shown_ = 0;         // of the run behind a found one
    bool goes_to_failure_ = false; // as soon as the found run has been read
    bool was_building_finder_ = false;
    bool wants_toggle_ = false;        // of the found run, before the next frame
    const char* wanted_tab_ = nullptr; // of those at the bottom, in the next frame
};

} // namespace view
