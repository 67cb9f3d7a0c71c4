// SPDX-License-Identifier: BSD-2-Clause
// Text and simple marks on a draw list, and the few widgets that several views share.
#pragma once

#include "view/context.hpp"

#include <string>

namespace view {

/// One line of text at whole pixels, cut with "…" if it is wider than `width` (0: any width).
/// Returns the width drawn.
float draw_text(ImDrawList& list, const Fonts& fonts, Face face, ImVec2 at, Colour colour,
                const std::string& text, float width = 0);
/// As many lines of text as it takes, broken between words at `width`.
void draw_wrapped(ImDrawList& list, const Fonts& fonts, Face face, ImVec2 at, Colour colour,
                  const std::string& text, float width);
/// A line from a to b with a head at b.
void draw_arrow(ImDrawList& list, ImVec2 a, ImVec2 b, Colour colour, float thickness);

/// The sentence of an event, its names as links that select. Draws at the cursor, on one line.
void draw_sentence(Context& context, const model::Event& event);
/// A word that selects an object when clicked.
void draw_link(Context& context, const Object& object, const std::string& text);
/// The name of an object of any kind.
std::string name_of(const Context& context, const Object& object);
/// "LWP", "lock", "interrupt line", …
const char* kind_name(trace::Kind kind);
/// "running", "blocked", …
const char* state_name(trace::LwpState state);
/// A bar that is dragged; returns the pixels it moved.
float draw_splitter(Context& context, const char* id, ImVec2 at, ImVec2 size, bool vertical);

} // namespace view
