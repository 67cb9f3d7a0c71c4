// SPDX-License-Identifier: BSD-2-Clause
// Moves things from where they are drawn to where they belong.
//
// Each key has a position, a size and a velocity, pulled to its target by a critically damped
// spring: it starts gently, never overshoots, and a target that changes on the way bends the path
// without a jump. The step is the exact solution of the spring's equation, so it is stable for any
// frame time. What is new appears in its place; what is gone fades where it was.
//
// Invariants
//   (1) After advance() with all the time in the world, everything is exactly at its target and
//       resting() holds, so that an unchanging picture costs no frames.
#pragma once

#include "view/machine/scene.hpp"

#include <unordered_map>

namespace view::machine {

class Motion {
public:
    struct Body {
        Item item; // as last arranged
        Rect at;   // where it is drawn now
        Rect velocity;
        float alpha = 0;
        bool wanted = false; // in the scene of this frame
    };

    /// Takes the scene as target and moves for `seconds`. `pace`: 1 for stepping, larger when
    /// events come quickly.
    void advance(const Scene& scene, float seconds, float pace);
    /// Everything to its target at once: the first picture, a screenshot.
    void settle(const Scene& scene);

    [[nodiscard]] bool resting() const { return resting_; }
    [[nodiscard]] const Body* find(u64 key) const;
    /// Bodies in order of painting; those on their way lie above those at rest.
    [[nodiscard]] std::vector<const Body*> in_order() const;

private:
    std::unordered_map<u64, Body> bodies_;
    bool resting_ = true;
};

} // namespace view::machine
