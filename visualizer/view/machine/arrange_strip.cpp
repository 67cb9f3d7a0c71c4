// SPDX-License-Identifier: BSD-2-Clause
// The strip at the bottom: soft interrupts by level, and a timing wheel per hart. See arranger.hpp.
#include "view/machine/arranger.hpp"
#include "view/machine/wheel.hpp"

#include <algorithm>

namespace view::machine {

void Arranger::softints(Rect room) {
    add(Part::band, static_cast<u32>(Band::softints), room);
    std::vector<u32> levels;
    for (const model::Softint& softint : state_.softints)
        if (softint.known && std::find(levels.begin(), levels.end(), softint.level) == levels.end())
            levels.push_back(softint.level);
    std::sort(levels.begin(), levels.end());
    float x = room.x + px(margin);
    float width =
        (room.w - px(margin)) / static_cast<float>(std::max<usize>(1, levels.size())) - px(gap);
    for (u32 level : levels) {
        Rect box{x, room.y + px(title), width, room.h - px(title + gap)};
        add(Part::level, level, box);
        std::vector<u32> ids;
        for (u32 id = 0; id < state_.softints.size(); id++)
            if (state_.softints[id].known && state_.softints[id].level == level)
                ids.push_back(id);
        float head = px(box.h < px(40) ? 4 : 18);
        chips(Part::softint, ids,
              {box.x + px(gap), box.y + head, box.w - px(2 * gap), box.h - head}, px(100));
        x += width + px(gap);
    }
}

/// A wheel for each hart on whose wheel a callout lies or has lain.
void Arranger::callouts(Rect room) {
    add(Part::band, static_cast<u32>(Band::callouts), room);
    std::vector<u32> harts;
    for (u32 hart = 0; hart < std::min<u32>(state_.hart_count, model::max_harts); hart++)
        if (std::any_of(state_.callouts.begin(), state_.callouts.end(),
                        [&](const model::Callout& callout) {
                            return callout.known && callout.on == HartId{static_cast<u16>(hart)};
                        }))
            harts.push_back(hart);
    float x = room.x + px(gap);
    float width = (room.w - px(gap)) / static_cast<float>(std::max<usize>(1, harts.size()));
    for (u32 hart : harts) {
        wheel(hart, {x, room.y + px(title), width - px(gap), room.h - px(title + gap)});
        x += width;
    }
}

/// The dial, and right of it, beneath title and strip, its callouts: what is in flight first, then
/// in the order in which they are due.
void Arranger::wheel(u32 hart, Rect room) {
    add(Part::wheel, hart, room);
    std::vector<u32> ids;
    for (u32 id = 0; id < state_.callouts.size(); id++) {
        const model::Callout& callout = state_.callouts[id];
        if (callout.known && callout.on == HartId{static_cast<u16>(hart)}
            && (callout.pending || in_flight(callout)))
            ids.push_back(id);
    }
    auto rank = [&](u32 id) {
        const model::Callout& callout = state_.callouts[id];
        return in_flight(callout) ? 0 : callout.due;
    };
    std::stable_sort(ids.begin(), ids.end(), [&](u32 a, u32 b) { return rank(a) < rank(b); });
    WheelPlan plan = WheelPlan::of(room, scale_);
    Rect chip_room = plan.chips;
    // What is in flight gets two lines: what it does or waits for, and who waits for it.
    usize flying = 0;
    for (; flying < ids.size() && in_flight(state_.callouts[ids[flying]])
           && chip_room.h >= px(32 + 18);
         flying++) {
        add(Part::callout, ids[flying], {chip_room.x, chip_room.y, chip_room.w, px(32)});
        chip_room.y += px(34);
        chip_room.h -= px(34);
    }
    ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(flying));
    bool few = static_cast<float>(ids.size()) * px(190) <= chip_room.w;
    chips(Part::callout, ids, chip_room, px(few ? 186 : 120));
    marks(hart, room);
}

/// Where callouts lie on the dial, as far as events have told: a mark per bucket that is not empty.
void Arranger::marks(u32 hart, const Rect& room) {
    WheelPlan plan = WheelPlan::of(room, scale_);
    std::array<bool, wheel_levels * wheel_buckets> taken{};
    for (u32 id = 0; id < state_.callouts.size(); id++) {
        const model::Callout& callout = state_.callouts[id];
        if (!callout.known || !callout.pending || !callout.placed
            || callout.on != HartId{static_cast<u16>(hart)} || callout.wheel_level >= wheel_levels)
            continue;
        bool& here = taken[callout.wheel_level * wheel_buckets + callout.bucket];
        if (here)
            continue;
        here = true;
        Point at = plan.on_ring(callout.wheel_level, callout.bucket);
        float side = px(7);
        add(Part::mark, id, {at.x - side / 2, at.y - side / 2, side, side}, Detail::dot);
    }
}

} // namespace view::machine
