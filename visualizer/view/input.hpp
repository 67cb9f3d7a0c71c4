// SPDX-License-Identifier: BSD-2-Clause
// Keyboard and mouse on their way from SDL to ImGui and to our shortcuts.
//
// ImGui up to 1.86 looks at the state of keys once per frame, so a key or button that goes down and
// up between two frames is lost: a quick tap in a slow frame. Everything is queued here, and
// feed() hands over one key or button transition per frame, in order; has_more() asks for the next
// frame at once. Nothing is lost at any frame rate.
#pragma once

#include "view/commands.hpp"

#include <deque>
#include <functional>
#include <string>

union SDL_Event;

namespace view {

class Input {
public:
    /// Takes what is about keys, text and mouse; ignores the rest.
    void take(const SDL_Event& event);
    /// Hands over up to one transition, before ImGui::NewFrame(). `shortcut` gets chords that no
    /// text field wants.
    void feed(const std::function<void(const Chord&)>& shortcut);
    [[nodiscard]] bool has_more() const { return !queue_.empty(); }

private:
    struct Change {
        enum class Kind : u8 { key, button, wheel, motion, text, chord, modifiers } kind{};
        int code = 0;
        bool down = false;
        float x = 0, y = 0;
        std::string text;
        Chord chord;
    };
    void take_key(const SDL_Event& event);

    std::deque<Change> queue_;
};

} // namespace view
