// SPDX-License-Identifier: BSD-2-Clause
// The machine view: the picture of the state at the shown instant, in motion, with the last
// event's sentence beneath it and its participants framed.
// Read next: scene.hpp (where), motion.hpp (how it gets there), paint.hpp (what it looks like)
#pragma once

#include "view/context.hpp"
#include "view/machine/motion.hpp"

namespace view::machine {

class MachineView {
public:
    /// Fills what is left of the current window.
    void draw(Context& context);
    /// The next picture shows everything where it belongs, without motion.
    void settle() { settle_ = true; }

private:
    void draw_caption(Context& context, ImVec2 at, ImVec2 size);
    void draw_nothing(Context& context, ImVec2 at, ImVec2 size);
    void handle_pointer(Context& context, ImVec2 origin);
    void draw_frames(Context& context, class Paint& paint);

    Motion motion_;
    bool settle_ = true;
    usize last_shown_ = 0;
    float quiet_ = 0; // seconds since the last event
};

} // namespace view::machine
