// SPDX-License-Identifier: BSD-2-Clause
// A person at the window, in a test: moves the mouse to what has a label, presses, types, reads.
// The window is the real shell on a canvas, without a display; frames take a sixtieth of a second
// of a clock that only moves here.
#pragma once

#include "probe.hpp"
#include "view/shell.hpp"

#include <gtest/gtest.h>

namespace view_test {

class Driver {
public:
    explicit Driver(view::Source& source, int width = 1600, int height = 900,
                    std::optional<session::Lab> lab = std::nullopt);

    void frames(int count);
    /// Until nothing moves any more.
    void settle();

    /// Clicks the item with this label; of several, the `nth`. Fails the test if there is none, or
    /// if something else lies over it.
    void click(const std::string& label, usize nth = 0);
    void drag(ImVec2 from, ImVec2 to);
    void wheel(ImVec2 at, float amount);
    void type(const std::string& text);
    void key(const view::Chord& chord) {
        shell.key(chord);
        settle();
    }
    [[nodiscard]] bool has_item(const std::string& label) const {
        return find(label, 0) != nullptr;
    }
    [[nodiscard]] const SeenItem* find(const std::string& label, usize nth = 0) const;
    /// Some text on the window contains these words.
    [[nodiscard]] bool reads(const std::string& words) const;
    [[nodiscard]] std::string all_text() const;

    view::Settings settings;
    view::Canvas canvas;
    view::Shell shell;
    render::Image image;

private:
    void frame();
    view::Source& source_;
    bool moving_ = false;
};

} // namespace view_test
