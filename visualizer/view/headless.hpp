// SPDX-License-Identifier: BSD-2-Clause
// Pictures of the window without a window: for screenshots, slides, tests and machines without a
// display.
#pragma once

#include "render/image.hpp"
#include "view/shell.hpp"

#include <limits>
#include <optional>

namespace view {

struct Shot {
    int width = 1600, height = 900;
    bool dark = true;
    float scale = 1;
    Layout layout = Layout::all;
    usize shown =
        std::numeric_limits<usize>::max(); // events that have happened; more than all: all
    std::optional<Object> selected;
    bool show_found = false; // the run that the race finder found
};

/// Draws the window as it looks when everything has come to rest.
render::Image take(Source& source, const Shot& shot,
                   std::optional<session::Lab> lab = std::nullopt);

} // namespace view
