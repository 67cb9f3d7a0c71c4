// SPDX-License-Identifier: BSD-2-Clause
// An ImGui context with our fonts and theme, and the way from its frames to pixels. The window and
// the headless pictures share it, so what a test sees is what a person sees.
//
// Rules
//   - One Canvas at a time: ImGui's context is a global.
//   - Frames depend on nothing but their input and `seconds`: no ini file, no blinking cursor, no
//     clock.
#pragma once

#include "render/image.hpp"
#include "view/fonts.hpp"
#include "view/theme.hpp"

namespace view {

class Canvas {
public:
    Canvas();
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    /// Between frames only.
    void set_look(bool dark, float scale);
    void begin(int width, int height, float seconds);
    /// Ends the frame and paints it.
    void end(const render::Surface& target);

    [[nodiscard]] const Fonts& fonts() const { return fonts_; }
    [[nodiscard]] const Theme& theme() const { return theme_; }

private:
    Fonts fonts_;
    Theme theme_;
};

} // namespace view
