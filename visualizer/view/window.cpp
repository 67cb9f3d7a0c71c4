// SPDX-License-Identifier: BSD-2-Clause
#include "view/window.hpp"

#include "view/input.hpp"

#include <SDL.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace view {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int frames_after_change = 3;
constexpr int frame_ms = 16, idle_ms = 100;

class Window {
public:
    explicit Window(const Settings& settings);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    [[nodiscard]] bool is_open() const { return window_ != nullptr; }
    [[nodiscard]] bool is_visible() const {
        return (SDL_GetWindowFlags(window_) & SDL_WINDOW_MINIMIZED) == 0;
    }
    [[nodiscard]] std::pair<int, int> size() const;
    void set_title(const std::string& title) { SDL_SetWindowTitle(window_, title.c_str()); }
    void set_cursor(ImGuiMouseCursor cursor);
    /// Ends the canvas's frame and shows it.
    void present(Canvas& canvas);

private:
    SDL_Window* window_ = nullptr;
    std::array<SDL_Cursor*, ImGuiMouseCursor_COUNT> cursors_{};
    ImGuiMouseCursor cursor_ = ImGuiMouseCursor_Arrow;
};

Window::Window(const Settings& settings) {
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); // the surface itself, not a texture of it
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return;
    window_ = SDL_CreateWindow("Interlude", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                               settings.window_width, settings.window_height,
                               SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    constexpr std::pair<ImGuiMouseCursor, SDL_SystemCursor> shapes[] = {
        {ImGuiMouseCursor_Arrow, SDL_SYSTEM_CURSOR_ARROW},
        {ImGuiMouseCursor_TextInput, SDL_SYSTEM_CURSOR_IBEAM},
        {ImGuiMouseCursor_Hand, SDL_SYSTEM_CURSOR_HAND},
        {ImGuiMouseCursor_ResizeEW, SDL_SYSTEM_CURSOR_SIZEWE},
        {ImGuiMouseCursor_ResizeNS, SDL_SYSTEM_CURSOR_SIZENS}};
    for (auto [name, shape] : shapes)
        cursors_[static_cast<usize>(name)] = SDL_CreateSystemCursor(shape);
    SDL_StartTextInput();
}

Window::~Window() {
    for (SDL_Cursor* cursor : cursors_)
        if (cursor != nullptr)
            SDL_FreeCursor(cursor);
    if (window_ != nullptr)
        SDL_DestroyWindow(window_);
    SDL_Quit();
}

std::pair<int, int> Window::size() const {
    int width = 0, height = 0;
    SDL_GetWindowSize(window_, &width, &height);
    return {std::max(1, width), std::max(1, height)};
}

void Window::set_cursor(ImGuiMouseCursor cursor) {
    bool known = cursor >= 0 && cursor < ImGuiMouseCursor_COUNT
                 && cursors_[static_cast<usize>(cursor)] != nullptr;
    if (!known || cursor == cursor_)
        return;
    SDL_SetCursor(cursors_[static_cast<usize>(cursor)]);
    cursor_ = cursor;
}

void Window::present(Canvas& canvas) {
    SDL_Surface* surface = SDL_GetWindowSurface(window_); // anew after each resize
    if (surface == nullptr) {
        ImGui::EndFrame();
        return;
    }
    bool ours = surface->format->BytesPerPixel == 4 && surface->format->Rmask == 0xff0000;
    if (ours) {
        canvas.end(
            {static_cast<u32*>(surface->pixels), surface->w, surface->h, surface->pitch / 4});
    } else { // another order of bytes: SDL converts
        render::Image image(surface->w, surface->h);
        canvas.end(image.surface());
        SDL_Surface* from = SDL_CreateRGBSurfaceFrom(image.surface().pixels, surface->w, surface->h,
                                                     32, surface->w * 4, 0xff0000, 0xff00, 0xff, 0);
        SDL_BlitSurface(from, nullptr, surface, nullptr);
        SDL_FreeSurface(from);
    }
    SDL_UpdateWindowSurface(window_);
}

void use_clipboard() {
    ImGuiIO& io = ImGui::GetIO();
    io.SetClipboardTextFn = [](void*, const char* text) { SDL_SetClipboardText(text); };
    io.GetClipboardTextFn = [](void*) -> const char* {
        static std::string kept;
        char* text = SDL_GetClipboardText();
        kept = text != nullptr ? text : "";
        SDL_free(text);
        return kept.c_str();
    };
}

/// Takes all events that are there, after waiting for the first one. False: the person quits.
bool take_events(Input& input, int wait_ms, bool& changed) {
    SDL_Event event;
    if (SDL_WaitEventTimeout(&event, wait_ms) == 0)
        return true;
    do {
        changed = true;
        if (event.type == SDL_QUIT)
            return false;
        input.take(event);
    } while (SDL_PollEvent(&event) != 0);
    return true;
}

} // namespace

bool has_display() {
    auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != 0;
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

std::optional<std::string> run_window(Source& source, Settings& settings,
                                      std::optional<session::Lab> lab) {
    Window window(settings);
    if (!window.is_open())
        return std::string("cannot open a window (") + SDL_GetError()
               + "): use --headless to run without one";
    Canvas canvas;
    use_clipboard();
    window.set_title("Interlude: " + source.title());
    Shell shell(source, settings, std::move(lab));
    Input input;
    int due = frames_after_change; // frames still to draw
    auto last = Clock::now();
    bool moving = true;
    while (!shell.wants_to_quit()) {
        auto since =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last).count();
        bool busy = moving || due > 0 || input.has_more();
        bool runs = source.status().phase == session::Phase::running;
        int wait = busy   ? std::max(0, frame_ms - static_cast<int>(since))
                   : runs ? frame_ms
                          : idle_ms;
        bool changed = false;
        if (!take_events(input, wait, changed))
            break;
        changed = source.poll(0) || changed;
        due = changed ? frames_after_change : due;
        if (!window.is_visible() || (due == 0 && !moving && !input.has_more()))
            continue;
        due = std::max(0, due - 1);
        auto now = Clock::now();
        float seconds = std::min(0.1f, std::chrono::duration<float>(now - last).count());
        last = now;
        canvas.set_look(settings.dark, settings.scale);
        auto [width, height] = window.size();
        input.feed([&](const Chord& chord) { shell.key(chord); });
        canvas.begin(width, height, seconds);
        moving = shell.frame(canvas, seconds);
        window.set_cursor(ImGui::GetMouseCursor());
        window.present(canvas);
        settings.window_width = width;
        settings.window_height = height;
    }
    return std::nullopt;
}

} // namespace view
