// SPDX-License-Identifier: BSD-2-Clause
// The rows of the inspector: what the state knows of one object.
#pragma once

#include "view/context.hpp"

namespace view {

/// Draws rows "what | value" into the current two-column table.
void draw_facts(Context& context, const Object& object);

} // namespace view
