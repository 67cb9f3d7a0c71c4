// SPDX-License-Identifier: BSD-2-Clause
// Colours, light and dark.
//
// The six states of an LWP have the six colours of a set that stays apart for every kind of colour
// blindness (smallest CIEDE2000 distance 12.1; docs in facts-gui). The colours are the same in both
// themes, so that a printed handout and a projected window agree. Wherever a colour says something,
// text or shape says it too.
#pragma once

#include "trace/ids.hpp"

#include <imgui.h>

namespace view {

using Colour = ImU32;

constexpr Colour rgb(unsigned value, unsigned alpha = 255) {
    return IM_COL32(value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff, alpha);
}
/// The same colour, more transparent: `share` of its alpha.
constexpr Colour fade(Colour colour, float share) {
    auto alpha = static_cast<Colour>(static_cast<float>(colour >> 24) * share);
    return (colour & 0x00ffffff) | alpha << 24;
}
Colour mix(Colour a, Colour b, float share_of_b);

struct Theme {
    bool dark = true;
    Colour window, panel, raised; // grounds, from back to front
    Colour line, line_strong;     // rules and outlines
    Colour text, text_faint;
    Colour accent, accent_text; // what is selected, what was part of the last event
    Colour good, bad, warning;
    Colour past; // the ground of "you are looking at the past"

    static Theme make(bool dark);
    /// Makes ImGui's own widgets follow. `scale` as for fonts.
    void apply(float scale) const;
};

Colour state_colour(trace::LwpState state);
/// Black or white, whichever can be read on the state's colour.
Colour on_colour(Colour ground);
/// What runs on a hart, by kind: threads, softints, interrupts, nothing.
Colour kind_colour(trace::LwpKind kind);

} // namespace view
