// SPDX-License-Identifier: BSD-2-Clause
// Where everything belongs in the picture of one state.
//
//   ┌ interrupt lines ───────────────────────────────────────────┐
//   │  uart0   rtc0   virtio1        lamps                       │
//   │ ═══╪══════╪═════════════ PLIC ═══════════════════════════  │
//   ├ hart 0 ──────┬ hart 1 ──────┬ waiting ─────────────────────┤
//   │ on the CPU   │              │ lock     (turnstile)         │
//   │  pinned      │              │   waiters, most urgent first │
//   │ run queue    │              │ channel  (sleep queue)       │
//   │ at rest      │              │   sleepers                   │
//   ├ softints ────┴─ callouts: a timing wheel per hart ─────────┤
//   └────────────────────────────────────────────────────────────┘
//
// arrange() is a pure function of the state and the room there is. It picks the roomiest of three
// densities in which everything fits; if not even the last does, the ends of queues collapse into
// a count. Every thing has a key that stays the same while the thing lives, so that motion can be
// added afterwards (motion.hpp) and nothing teleports.
//
// Rules
//   - Only what events said: an object that is not `known` gets no place, except one that is
//     spoken of (an LWP on a hart), which is drawn as unknown.
// Invariants
//   (1) A key occurs once.
//   (2) Every known LWP that has not exited has an item; hidden ones lie on their count.
//   (3) Everything lies inside the size, if the size is at least the smallest.
// Read next: arranger.hpp, wheel.hpp, motion.hpp
#pragma once

#include "model/state.hpp"
#include "view/selection.hpp"

#include <vector>

namespace view::machine {

struct Point {
    float x = 0, y = 0;
};

struct Rect {
    float x = 0, y = 0, w = 0, h = 0;
    [[nodiscard]] float right() const { return x + w; }
    [[nodiscard]] float bottom() const { return y + h; }
    [[nodiscard]] Point centre() const { return {x + w / 2, y + h / 2}; }
};

/// What an item is. The order is the order of painting, from back to front.
enum class Part : u8 {
    band,      // a titled part of the picture; id: Band
    plic,      // the bar that all lines lead to
    hart,      // a hart's column
    stage,     // the place on the CPU
    queue,     // the ground of a run queue
    turnstile, // a lock with its waiters
    channel,   // a sleep queue
    level,     // the softints of one level
    wheel,     // a hart's timing wheel
    mark,      // a bucket of it that is not empty; id: a callout in it
    line,
    softint,
    callout,
    more, // "+ 12 more"; id: how many
    lwp,
};
enum class Band : u32 { lines, waiting, softints, callouts };

/// How much room a thing has for words.
enum class Detail : u8 { two_lines, one_line, dot };

struct Item {
    u64 key = 0;
    Part part{};
    u32 id = 0;
    Rect at;
    Detail detail = Detail::two_lines;
    bool hidden = false; // collapsed into a count
};

struct Scene {
    std::vector<Item> items; // in order of painting
    int density = 0;         // 0 roomy … 2 dense
    Point size;

    [[nodiscard]] const Item* find(u64 key) const;
};

constexpr u64 key_of(Part part, u32 id) {
    return static_cast<u64>(part) << 32 | id;
}
/// The item of an object, if objects of its kind have one.
u64 key_of(const Object& object);
/// The object that an item stands for, if it stands for one.
std::optional<Object> object_of(const Item& item);

/// `scale`: of the fonts.
Scene arrange(const model::State& state, Point size, float scale);

} // namespace view::machine
