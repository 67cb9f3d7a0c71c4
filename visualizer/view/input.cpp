// SPDX-License-Identifier: BSD-2-Clause
#include "view/input.hpp"

#include "view/compat.hpp"

#include <SDL.h>

#include <optional>

namespace view {
namespace {

struct KeyName {
    SDL_Scancode scancode;
    ImGuiKey imgui;
};
constexpr KeyName editing[] = {
    {SDL_SCANCODE_TAB, ImGuiKey_Tab},
    {SDL_SCANCODE_LEFT, ImGuiKey_LeftArrow},
    {SDL_SCANCODE_RIGHT, ImGuiKey_RightArrow},
    {SDL_SCANCODE_UP, ImGuiKey_UpArrow},
    {SDL_SCANCODE_DOWN, ImGuiKey_DownArrow},
    {SDL_SCANCODE_PAGEUP, ImGuiKey_PageUp},
    {SDL_SCANCODE_PAGEDOWN, ImGuiKey_PageDown},
    {SDL_SCANCODE_HOME, ImGuiKey_Home},
    {SDL_SCANCODE_END, ImGuiKey_End},
    {SDL_SCANCODE_INSERT, ImGuiKey_Insert},
    {SDL_SCANCODE_DELETE, ImGuiKey_Delete},
    {SDL_SCANCODE_BACKSPACE, ImGuiKey_Backspace},
    {SDL_SCANCODE_SPACE, ImGuiKey_Space},
    {SDL_SCANCODE_RETURN, ImGuiKey_Enter},
    {SDL_SCANCODE_KP_ENTER, ImGuiKey_Enter},
    {SDL_SCANCODE_ESCAPE, ImGuiKey_Escape},
    {SDL_SCANCODE_A, ImGuiKey_A},
    {SDL_SCANCODE_C, ImGuiKey_C},
    {SDL_SCANCODE_V, ImGuiKey_V},
    {SDL_SCANCODE_X, ImGuiKey_X},
    {SDL_SCANCODE_Y, ImGuiKey_Y},
    {SDL_SCANCODE_Z, ImGuiKey_Z},
};

std::optional<int> special_key(SDL_Keycode code) {
    switch (code) {
    case SDLK_LEFT:
        return key_left;
    case SDLK_RIGHT:
        return key_right;
    case SDLK_UP:
        return key_up;
    case SDLK_DOWN:
        return key_down;
    case SDLK_HOME:
        return key_home;
    case SDLK_END:
        return key_end;
    case SDLK_PAGEUP:
        return key_page_up;
    case SDLK_PAGEDOWN:
        return key_page_down;
    case SDLK_ESCAPE:
        return key_escape;
    case SDLK_F1:
        return key_f1;
    case SDLK_F5:
        return key_f5;
    case SDLK_F11:
        return key_f11;
    default:
        return std::nullopt;
    }
}

/// The chord of a typed character: upper case is shift and the letter.
Chord typed(char character) {
    bool upper = character >= 'A' && character <= 'Z';
    return {upper ? character - 'A' + 'a' : character, false, upper, false};
}

int button_of(Uint8 button) {
    return button == SDL_BUTTON_LEFT ? 0 : button == SDL_BUTTON_RIGHT ? 1 : 2;
}

} // namespace

void Input::take_key(const SDL_Event& event) {
    const SDL_Keysym& key = event.key.keysym;
    bool down = event.type == SDL_KEYDOWN;
    bool ctrl = (key.mod & KMOD_CTRL) != 0, shift = (key.mod & KMOD_SHIFT) != 0,
         alt = (key.mod & KMOD_ALT) != 0;
    Change modifiers{Change::Kind::modifiers, 0, false, 0, 0, "", {0, ctrl, shift, alt}};
    queue_.push_back(modifiers);
    for (const KeyName& name : editing)
        if (name.scancode == key.scancode && event.key.repeat == 0)
            queue_.push_back({Change::Kind::key, name.imgui, down, 0, 0, "", {}});
    if (!down)
        return;
    // Characters without Ctrl or Alt come as text, in the person's own keyboard layout.
    std::optional<int> special = special_key(key.sym);
    if (special)
        queue_.push_back({Change::Kind::chord, 0, true, 0, 0, "", {*special, ctrl, shift, alt}});
    else if ((ctrl || alt) && key.sym > ' ' && key.sym < 127)
        queue_.push_back({Change::Kind::chord,
                          0,
                          true,
                          0,
                          0,
                          "",
                          {key.sym, ctrl, shift && key.sym >= 'a', alt}});
}

void Input::take(const SDL_Event& event) {
    switch (event.type) {
    case SDL_KEYDOWN:
    case SDL_KEYUP:
        return take_key(event);
    case SDL_TEXTINPUT:
        queue_.push_back({Change::Kind::text, 0, true, 0, 0, event.text.text, {}});
        break;
    case SDL_MOUSEMOTION:
        queue_.push_back({Change::Kind::motion,
                          0,
                          false,
                          static_cast<float>(event.motion.x),
                          static_cast<float>(event.motion.y),
                          "",
                          {}});
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        queue_.push_back({Change::Kind::motion,
                          0,
                          false,
                          static_cast<float>(event.button.x),
                          static_cast<float>(event.button.y),
                          "",
                          {}});
        queue_.push_back({Change::Kind::button,
                          button_of(event.button.button),
                          event.type == SDL_MOUSEBUTTONDOWN,
                          0,
                          0,
                          "",
                          {}});
        break;
    case SDL_MOUSEWHEEL:
        queue_.push_back({Change::Kind::wheel,
                          0,
                          false,
                          static_cast<float>(event.wheel.x),
                          static_cast<float>(event.wheel.y),
                          "",
                          {}});
        break;
    default:
        break;
    }
}

void Input::feed(const std::function<void(const Chord&)>& shortcut) {
    ImGuiIO& io = ImGui::GetIO();
    bool moved = false;
    while (!queue_.empty()) {
        Change change = queue_.front();
        // A press where the pointer has just come to needs a frame in which it is there.
        if (change.kind == Change::Kind::button && moved)
            return;
        queue_.pop_front();
        switch (change.kind) {
        case Change::Kind::motion:
            compat::mouse_position(io, change.x, change.y);
            moved = true;
            break;
        case Change::Kind::modifiers:
            compat::modifiers(io, change.chord.ctrl, change.chord.shift, change.chord.alt);
            break;
        case Change::Kind::wheel:
            compat::mouse_wheel(io, change.x, change.y);
            break;
        case Change::Kind::text:
            if (io.WantTextInput)
                io.AddInputCharactersUTF8(change.text.c_str());
            else if (change.text.size() == 1)
                shortcut(typed(change.text[0]));
            break;
        case Change::Kind::chord:
            if (!io.WantTextInput
                || (change.chord.ctrl && change.chord.key > ' ' && change.chord.key != 'a'
                    && change.chord.key != 'c' && change.chord.key != 'v' && change.chord.key != 'x'
                    && change.chord.key < key_left))
                shortcut(change.chord);
            break;
        case Change::Kind::key:
            compat::key(io, static_cast<ImGuiKey>(change.code), change.down);
            return;
        case Change::Kind::button:
            compat::mouse_button(io, change.code, change.down);
            return;
        }
    }
}

} // namespace view
