// SPDX-License-Identifier: BSD-2-Clause
// What ImGui was told in the last frame: every item with its label, every text with its place.
//
// Debian's ImGui has no hooks for tests. But the widgets, the window and the draw list are separate
// objects of its archive, so the linker can put our functions between their calls (--wrap, see the
// Makefile): the code under test is exactly the code that ships.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

namespace view_test {

struct SeenItem {
    ImGuiID id = 0;
    std::string label; // what is shown; after ### if there is that; after ## if nothing is shown
    std::string window;
    ImVec2 from, to, clip_from, clip_to;
};

struct SeenText {
    std::string text;
    ImVec2 at;
};

struct Seen {
    std::vector<SeenItem> items;
    std::vector<SeenText> texts;
};

/// Forgets the frame before; call it before NewFrame().
void forget();
const Seen& seen();

} // namespace view_test
