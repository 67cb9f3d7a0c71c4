// SPDX-License-Identifier: BSD-2-Clause
// Everything a person can tell the window to do, in one list: menus, shortcuts, buttons and the
// sheet of keys are all made from it, so that none can be missing or wrong.
#pragma once

#include "lib/types.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace view {

/// Keys without a character. Keys with one are that character, letters in lower case.
enum Key : int {
    key_left = 0x10000,
    key_right,
    key_up,
    key_down,
    key_home,
    key_end,
    key_page_up,
    key_page_down,
    key_escape,
    key_f1,
    key_f5,
    key_f11,
};

struct Chord {
    int key = 0; // 0: no shortcut
    bool ctrl = false, shift = false, alt = false;
    bool operator==(const Chord&) const = default;
    [[nodiscard]] std::string name() const; // "Ctrl+Shift+Left"
};

struct Command {
    const char* id;    // "step-event": what settings and tests call it
    const char* menu;  // "Machine"
    const char* title; // "Step one event"
    std::vector<Chord> chords;
    std::function<void()> run;
    std::function<bool()> enabled = [] { return true; };
    std::function<bool()> checked = [] { return false; };
};

class Commands {
public:
    void add(Command command) { commands_.push_back(std::move(command)); }
    [[nodiscard]] const std::vector<Command>& all() const { return commands_; }
    [[nodiscard]] const Command* find(std::string_view id) const;
    /// Runs the command of this shortcut if it is enabled. True if there is one.
    bool press(const Chord& chord) const;
    bool run(std::string_view id) const;

    /// Draws one menu per `menu`, in order of first appearance.
    void draw_menus() const;
    /// A button that runs a command; its tooltip shows title and key.
    bool draw_button(std::string_view id, const char* label) const;
    /// All shortcuts, in a table.
    void draw_sheet() const;

private:
    std::vector<Command> commands_;
};

} // namespace view
