// SPDX-License-Identifier: BSD-2-Clause
// The bars above and below the panes: stepping, scrubbing, status, and the list of problems.
#pragma once

#include "view/context.hpp"

namespace view {

/// Buttons to run, pause and step both ways, and the speed. One line.
void draw_stepping_bar(Context& context);
/// The whole run as a bar to drag along; says so when the picture is in the past.
void draw_scrub_bar(Context& context);
void draw_status_bar(Context& context);
/// What is wrong with the trace or impossible in it, in plain words.
void draw_problems(Context& context);

} // namespace view
