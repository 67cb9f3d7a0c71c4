// SPDX-License-Identifier: BSD-2-Clause
// The one-minute walk through the window: a card with a few sentences per step. Some steps wait
// until the person has done what they say, so that after a minute one has stepped, gone back and
// selected something oneself.
#pragma once

#include "view/context.hpp"
#include "view/settings.hpp"

namespace view {

class Walk {
public:
    explicit Walk(Settings& settings)
        : settings_(settings) {}

    void start() { step_ = 0, settings_.walk_done = false; }
    [[nodiscard]] bool is_open() const { return !settings_.walk_done; }
    void draw(Context& context);

private:
    Settings& settings_;
    usize step_ = 0;
    usize shown_at_start_ = 0; // of the step
};

} // namespace view
