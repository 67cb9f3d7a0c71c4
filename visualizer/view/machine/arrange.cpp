// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/arranger.hpp"

#include <algorithm>

namespace view::machine {

void Arranger::add(Part part, u32 id, Rect at, Detail detail, bool hidden) {
    scene.items.push_back({key_of(part, id), part, id, at, detail, hidden});
}

/// "+ 12 more"
void Arranger::count(u64 key, usize hidden, Rect at) {
    scene.items.push_back({key, Part::more, static_cast<u32>(hidden), at, Detail::one_line, false});
}

/// Small things in rows; what does not fit becomes a count.
void Arranger::chips(Part part, const std::vector<u32>& ids, Rect room, float width) {
    float height = px(18);
    auto columns = std::max<usize>(1, static_cast<usize>((room.w + px(gap)) / (width + px(gap))));
    auto rows = std::max<usize>(1, static_cast<usize>((room.h + px(2)) / (height + px(2))));
    width = (room.w + px(gap)) / static_cast<float>(columns) - px(gap);
    usize places = columns * rows;
    usize shown = ids.size() > places ? places - 1 : ids.size();
    auto place = [&](usize i) {
        return Rect{room.x + static_cast<float>(i % columns) * (width + px(gap)),
                    room.y + static_cast<float>(i / columns) * (height + px(2)), width, height};
    };
    for (usize i = 0; i < ids.size(); i++)
        add(part, ids[i], place(std::min(i, shown)), Detail::one_line, i >= shown);
    if (shown < ids.size())
        count(key_of(Part::more, static_cast<u32>(part) << 24 | ids[shown]), ids.size() - shown,
              place(shown));
}

bool Arranger::run() {
    scene.size = size_;
    scene.density = density_;
    float top = lines();
    bool wheels = std::any_of(state_.callouts.begin(), state_.callouts.end(),
                              [](const model::Callout& callout) { return callout.known; });
    float strip = px(wheels ? sizes_.wheels : sizes_.strip);
    float middle = std::max(px(120), size_.y - top - strip - px(gap));
    float share = state_.hart_count >= 4 ? 0.27f : 0.4f;
    float left = std::floor(size_.x - std::max(px(owner_gap + 170), size_.x * share));
    harts({0, top, left, middle});
    waiting({left + px(owner_gap), top, size_.x - left - px(owner_gap), middle});
    float strip_y = top + middle + px(gap);
    float part = std::floor(size_.x * (wheels ? 0.34f : 0.45f));
    softints({0, strip_y, part, strip});
    callouts({part + px(margin), strip_y, size_.x - part - px(margin), strip});
    std::stable_sort(scene.items.begin(), scene.items.end(),
                     [](const Item& a, const Item& b) { return a.part < b.part; });
    return fits_;
}

float Arranger::lines() {
    float height = px(title + sizes_.lamp + 6), bar = height + px(sizes_.bar_gap);
    add(Part::band, static_cast<u32>(Band::lines), {0, 0, size_.x, height});
    float x = px(margin), y = px(title);
    u32 count = 0;
    for (const model::Line& line : state_.lines)
        count += line.known ? 1 : 0;
    float room = size_.x - px(2 * margin);
    float width = std::min(px(230), room / static_cast<float>(std::max(1u, count)) - px(gap));
    for (u32 id = 0; id < state_.lines.size(); id++) {
        if (!state_.lines[id].known)
            continue;
        Detail detail = width < px(70) ? Detail::dot : Detail::two_lines;
        add(Part::line, id, {x, y, width, px(sizes_.lamp)}, detail);
        x += width + px(gap);
    }
    add(Part::plic, 0, {px(margin), bar, room, px(bar_height)});
    return bar + px(bar_height + wires_height);
}

void Arranger::harts(Rect room) {
    u32 count = std::min<u32>(state_.hart_count, model::max_harts);
    if (count == 0)
        return;
    u32 columns = count <= 4 ? count : (count + 1) / 2;
    u32 rows = (count + columns - 1) / columns;
    float width = room.w / static_cast<float>(columns);
    float height = room.h / static_cast<float>(rows);
    for (u32 id = 0; id < count; id++) {
        float x = room.x + width * static_cast<float>(id % columns);
        float y = room.y + height * static_cast<float>(id / columns);
        hart(id, {x + px(column_gap), y, width - px(column_gap), height - px(gap)});
    }
}

void Arranger::hart(u32 id, Rect room) {
    const model::Hart& hart = state_.harts[id];
    add(Part::hart, id, room);
    Rect inner{room.x + px(margin), room.y + px(title + 6), room.w - px(2 * margin), 0};
    float y = inner.y;
    add(Part::stage, id, {inner.x, y, inner.w, px(sizes_.stage)});
    if (hart.running != trace::LwpId::none)
        add(Part::lwp, static_cast<u32>(hart.running), {inner.x, y, inner.w, px(sizes_.stage)});
    // The one interrupted last lies on top; each is set in a little further.
    float step = px(sizes_.list + gap);
    float pin_y = y + px(sizes_.stage + gap);
    for (usize i = 0; i < hart.pinned.size(); i++) {
        float inset = px(14) * static_cast<float>(std::min<usize>(i + 1, 4));
        LwpId lwp = hart.pinned[hart.pinned.size() - 1 - i];
        add(Part::lwp, static_cast<u32>(lwp),
            {inner.x + inset, pin_y, inner.w - inset, px(sizes_.list)}, sizes_.list_detail);
        pin_y += step;
    }
    usize reserved = std::max<usize>(hart.pinned.size(), sizes_.pinned);
    float queue_y = y + px(sizes_.stage + gap) + step * static_cast<float>(reserved);
    // Names of those at rest take a third of the column, and leave the run queue a card's room.
    float names = std::min(room.h * 0.34f, room.bottom() - queue_y
                                               - px(sizes_.queue_title + sizes_.list + 3 * gap));
    float rest = at_rest_row(id, {inner.x, names, inner.w, room.bottom()});
    float head = px(sizes_.queue_title), card = px(sizes_.list);
    // A queue keeps a card's room, so that the picture does not change with the first that comes;
    // only where nothing is left an empty one gives it up.
    float least = density_ == dense && hart.run_queue.empty() ? px(gap) : head + card;
    if (rest - queue_y - px(gap) < least)
        fits_ = false;
    Rect queue{inner.x, queue_y, inner.w, std::max(least, rest - queue_y - px(gap))};
    add(Part::queue, id, queue);
    list(places_.off_harts(hart.run_queue),
         {queue.x + px(gap), queue.y + head, queue.w - px(2 * gap), queue.h - head}, ~usize{0});
}

/// LWPs that live on this hart and have nothing to do, along its lower edge (room.h is where the
/// edge is, room.y the height that names may take). Returns where the row begins.
float Arranger::at_rest_row(u32 hart, Rect room) {
    std::vector<u32> resting;
    for (u32 id = 0; id < state_.lwps.size(); id++)
        if (rests(id)
            && (state_.lwps[id].home == HartId{static_cast<u16>(hart)}
                || (state_.lwps[id].home == HartId::none && hart == 0)))
            resting.push_back(id);
    // Names, if there is room for them all; else dots.
    auto names_per_row = static_cast<usize>((room.w + px(gap)) / (px(sizes_.chip_width) + px(gap)));
    auto rows_of_names =
        static_cast<usize>(std::max(0.0f, room.y + px(gap)) / px(sizes_.chip + gap));
    bool words = sizes_.chip_detail != Detail::dot
                 && resting.size() <= rows_of_names * std::max<usize>(1, names_per_row);
    float dot = px(std::min(12.0f, sizes_.chip));
    float width = words ? px(sizes_.chip_width) : dot, height = words ? px(sizes_.chip) : dot;
    auto per_row = std::max<usize>(1, static_cast<usize>((room.w + px(gap)) / (width + px(gap))));
    if (words) // share the row evenly
        width = (room.w + px(gap)) / static_cast<float>(per_row) - px(gap);
    usize rows = (resting.size() + per_row - 1) / per_row;
    float top = room.h - px(gap) - static_cast<float>(rows) * (height + px(gap));
    for (usize i = 0; i < resting.size(); i++) {
        float x = room.x + static_cast<float>(i % per_row) * (width + px(gap));
        float y = top + static_cast<float>(i / per_row) * (height + px(gap));
        add(Part::lwp, resting[i], {x, y, width, height}, words ? Detail::one_line : Detail::dot);
    }
    return resting.empty() ? room.h - px(gap) : top;
}

/// Cards one beneath the other; those that do not fit become a count in the last place.
void Arranger::list(const std::vector<LwpId>& lwps, Rect room, usize limit) {
    float step = px(sizes_.list + gap);
    auto places = static_cast<usize>(std::max(0.0f, (room.h + px(gap)) / step));
    places = std::min(std::max<usize>(1, places), limit);
    bool overflow = lwps.size() > places;
    if (overflow && limit == ~usize{0})
        fits_ = false;
    usize shown = overflow ? places - 1 : lwps.size();
    for (usize i = 0; i < lwps.size(); i++) {
        float y = room.y + step * static_cast<float>(std::min(i, shown));
        add(Part::lwp, static_cast<u32>(lwps[i]), {room.x, y, room.w, px(sizes_.list)},
            sizes_.list_detail, i >= shown);
    }
    if (overflow)
        count(key_of(Part::more, static_cast<u32>(lwps[shown])), lwps.size() - shown,
              {room.x, room.y + step * static_cast<float>(shown), room.w, px(16)});
}

Scene arrange(const model::State& state, Point size, float scale) {
    for (int density = 0;; density++) {
        Arranger arranger(state, size, scale, density);
        if (arranger.run() || density == dense)
            return std::move(arranger.scene);
    }
}

} // namespace view::machine
