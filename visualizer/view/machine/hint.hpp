// SPDX-License-Identifier: BSD-2-Clause
// What the pointer is over, in full: what a card has no room for.
#pragma once

#include "view/context.hpp"

namespace view::machine {

/// A line or more of words about an object at the shown instant.
std::string hint(const Context& context, const Object& object);

} // namespace view::machine
