// SPDX-License-Identifier: BSD-2-Clause
// The window on the screen: SDL's surface as the target of our rasteriser, and the main loop.
//
// The loop draws only when something may have changed: input, a moved picture, news from the
// source; then two frames more, because ImGui shows some effects a frame late. Otherwise it sleeps
// in SDL's wait and looks at the source ten times a second.
// Read next: shell.hpp (what is drawn), input.hpp
#pragma once

#include "view/shell.hpp"

#include <string>

namespace view {

/// Opens the window and runs until the person quits. Returns a sentence if it could not open.
[[nodiscard]] std::optional<std::string> run_window(Source& source, Settings& settings,
                                                    std::optional<session::Lab> lab = std::nullopt);
/// True if there is a display to open a window on.
[[nodiscard]] bool has_display();

} // namespace view
