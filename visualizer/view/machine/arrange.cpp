// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/scene.hpp"

#include <algorithm>
#include <cmath>

namespace view::machine {
namespace {

/// Sizes of one density, in pixels at scale 1.
struct Sizes {
    float stage, list, chip; // heights: card on the CPU, card in a list, LWP at rest
    float chip_width;
    Detail list_detail, chip_detail;
    usize group_limit; // entries of a turnstile or sleep queue before the rest becomes a count
};
constexpr Sizes densities[] = {
    {50, 40, 20, 118, Detail::two_lines, Detail::one_line, 8},
    {44, 22, 19, 96, Detail::one_line, Detail::one_line, 8},
    {38, 19, 12, 12, Detail::one_line, Detail::dot, 5},
};
constexpr int dense = static_cast<int>(std::size(densities)) - 1;

using trace::HartId;
using trace::LwpId;

constexpr float gap = 4, margin = 8, title = 20;
constexpr float column_gap = 18; // wires run here
constexpr float lamps_height = 64, bar_gap = 16, bar_height = 13, wires_height = 14;
constexpr float lines_height = lamps_height + bar_gap + bar_height + wires_height;
constexpr float strip_height = 78;
constexpr float wire_margin = 18; // right of those who wait: wires among them turn round here
constexpr float owner_gap = 72;   // between harts and those who wait: wires to owners run here

/// Which LWPs are on a hart, and which are anywhere but at rest. For a few events an LWP is in two
/// places (it has entered a queue and not yet left the CPU) or in none (woken, not yet queued): on
/// a hart it is drawn there; nowhere, with those at rest.
struct Places {
    std::vector<bool> on_hart, somewhere;

    explicit Places(const model::State& state)
        : on_hart(state.lwps.size())
        , somewhere(state.lwps.size()) {
        for (const model::Hart& hart : state.harts) {
            take(on_hart, {hart.running});
            take(on_hart, hart.pinned);
            take(somewhere, hart.run_queue);
        }
        for (const model::Lock& lock : state.locks)
            take(somewhere, lock.waiters);
        for (const model::Channel& channel : state.channels)
            take(somewhere, channel.sleepers);
        for (usize i = 0; i < on_hart.size(); i++)
            somewhere[i] = somewhere[i] || on_hart[i];
    }
    [[nodiscard]] std::vector<LwpId> off_harts(const std::vector<LwpId>& lwps) const {
        std::vector<LwpId> rest;
        for (LwpId lwp : lwps)
            if (auto id = static_cast<usize>(lwp); id < on_hart.size() && !on_hart[id])
                rest.push_back(lwp);
        return rest;
    }

private:
    static void take(std::vector<bool>& set, const std::vector<LwpId>& lwps) {
        for (LwpId lwp : lwps)
            if (auto id = static_cast<usize>(lwp); id < set.size())
                set[id] = true;
    }
};

class Arranger {
public:
    Arranger(const model::State& state, Point size, float scale, int density)
        : state_(state)
        , size_(size)
        , scale_(scale)
        , density_(density)
        , sizes_(densities[density])
        , places_(state) {}

    /// True if all fitted without a count.
    bool run();
    Scene scene;

private:
    [[nodiscard]] float px(float at_scale_one) const { return std::round(at_scale_one * scale_); }
    void add(Part part, u32 id, Rect at, Detail detail = Detail::two_lines, bool hidden = false);
    void lines();
    [[nodiscard]] bool rests(u32 id) const {
        const model::Lwp& lwp = state_.lwps[id];
        return lwp.known && lwp.state != trace::LwpState::zombie && !places_.somewhere[id];
    }
    void harts(Rect room);
    void hart(u32 id, Rect room);
    float at_rest_row(u32 hart, Rect room);
    void list(const std::vector<model::LwpId>& lwps, Rect room, usize limit);
    void waiting(Rect room);
    void softints(Rect room);
    void callouts(Rect room);
    template <class Ids> void chips(Part part, const Ids& ids, Rect room, float width);

    const model::State& state_;
    Point size_;
    float scale_;
    int density_;
    const Sizes& sizes_;
    Places places_;
    bool fits_ = true;
};

void Arranger::add(Part part, u32 id, Rect at, Detail detail, bool hidden) {
    scene.items.push_back({key_of(part, id), part, id, at, detail, hidden});
}

bool Arranger::run() {
    scene.size = size_;
    scene.density = density_;
    lines();
    float top = px(lines_height), strip = px(strip_height);
    float middle = std::max(px(120), size_.y - top - strip - px(gap));
    float left = std::floor(size_.x * (state_.hart_count >= 4 ? 0.66f : 0.56f));
    harts({0, top, left, middle});
    waiting({left + px(owner_gap), top, size_.x - left - px(owner_gap), middle});
    float strip_y = top + middle + px(gap);
    float half = std::floor(size_.x * 0.45f);
    softints({0, strip_y, half, strip});
    callouts({half + px(margin), strip_y, size_.x - half - px(margin), strip});
    std::stable_sort(scene.items.begin(), scene.items.end(),
                     [](const Item& a, const Item& b) { return a.part < b.part; });
    return fits_;
}

void Arranger::lines() {
    add(Part::band, static_cast<u32>(Band::lines), {0, 0, size_.x, px(lamps_height)});
    float x = px(margin), y = px(title);
    u32 count = 0;
    for (const model::Line& line : state_.lines)
        count += line.known ? 1 : 0;
    float room = size_.x - px(2 * margin);
    float width = std::min(px(136), room / static_cast<float>(std::max(1u, count)) - px(gap));
    for (u32 id = 0; id < state_.lines.size(); id++) {
        if (!state_.lines[id].known)
            continue;
        Detail detail = width < px(70) ? Detail::dot : Detail::two_lines;
        add(Part::line, id, {x, y, width, px(38)}, detail);
        x += width + px(gap);
    }
    add(Part::plic, 0, {px(margin), px(lamps_height + bar_gap), room, px(bar_height)});
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
    usize reserved = std::max<usize>(hart.pinned.size(), density_ == 0 ? 2 : 1);
    float queue_y = y + px(sizes_.stage + gap) + step * static_cast<float>(reserved);
    float rest = at_rest_row(id, {inner.x, 0, inner.w, room.bottom()});
    Rect queue{inner.x, queue_y, inner.w, std::max(px(title), rest - queue_y - px(gap))};
    add(Part::queue, id, queue);
    list(places_.off_harts(hart.run_queue),
         {queue.x + px(gap), queue.y + px(title), queue.w - px(2 * gap), queue.h - px(title)},
         ~usize{0});
}

/// LWPs that live on this hart and have nothing to do, along its lower edge (room.h is where the
/// edge is). Returns where the row begins.
float Arranger::at_rest_row(u32 hart, Rect room) {
    std::vector<u32> resting;
    for (u32 id = 0; id < state_.lwps.size(); id++)
        if (rests(id)
            && (state_.lwps[id].home == HartId{static_cast<u16>(hart)}
                || (state_.lwps[id].home == HartId::none && hart == 0)))
            resting.push_back(id);
    // Names, if three rows of them are enough; else dots, so that the run queue keeps its room.
    auto names_per_row = static_cast<usize>((room.w + px(gap)) / (px(sizes_.chip_width) + px(gap)));
    bool words = sizes_.chip_detail != Detail::dot
                 && resting.size() <= 3 * std::max<usize>(1, names_per_row);
    float width = words ? px(sizes_.chip_width) : px(12), height = words ? px(sizes_.chip) : px(12);
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
        scene.items.push_back({key_of(Part::more, static_cast<u32>(lwps[shown])),
                               Part::more,
                               static_cast<u32>(lwps.size() - shown),
                               {room.x, room.y + step * static_cast<float>(shown), room.w, px(16)},
                               Detail::one_line,
                               false});
}

void Arranger::waiting(Rect room) {
    add(Part::band, static_cast<u32>(Band::waiting), room);
    struct Group {
        Part part;
        u32 id;
        std::vector<LwpId> lwps;
    };
    std::vector<Group> groups;
    for (u32 id = 0; id < state_.locks.size(); id++) {
        const model::Lock& lock = state_.locks[id];
        if (!lock.waiters.empty())
            groups.push_back({Part::turnstile, id, places_.off_harts(lock.waiters)});
    }
    for (u32 id = 0; id < state_.channels.size(); id++)
        if (!state_.channels[id].sleepers.empty())
            groups.push_back({Part::channel, id, places_.off_harts(state_.channels[id].sleepers)});

    Rect inner{room.x + px(margin), room.y + px(title), room.w - px(margin + wire_margin),
               room.h - px(title + gap)};
    float least = px(density_ == 0 ? 210 : 128);
    auto columns = std::max<usize>(1, static_cast<usize>(inner.w / least));
    columns = std::min(columns, std::max<usize>(1, groups.size()));
    columns = density_ == 0 ? 1 : columns;
    float width = inner.w / static_cast<float>(columns) - px(gap);
    std::vector<float> ends(columns, inner.y);
    usize hidden_groups = 0;
    for (const Group& group : groups) {
        usize limit = sizes_.group_limit;
        usize rows = std::min(group.lwps.size(), limit);
        float head = px(density_ == 0 ? 38 : 20);
        float height = head + static_cast<float>(rows) * px(sizes_.list + gap) + px(gap);
        auto column = static_cast<usize>(std::min_element(ends.begin(), ends.end()) - ends.begin());
        float x = inner.x + static_cast<float>(column) * (width + px(gap));
        bool overflow = ends[column] + height > inner.bottom();
        if (overflow && density_ < dense)
            fits_ = false;
        if (overflow && density_ == dense) {
            hidden_groups++;
            for (LwpId lwp : group.lwps)
                add(Part::lwp, static_cast<u32>(lwp),
                    {inner.x, inner.bottom() - px(14), width, px(14)}, Detail::one_line, true);
            continue;
        }
        add(group.part, group.id, {x, ends[column], width, height});
        list(group.lwps,
             {x + px(margin), ends[column] + head, width - px(2 * margin), height - head}, limit);
        ends[column] += height + px(gap);
    }
    if (hidden_groups != 0)
        scene.items.push_back({key_of(Part::more, ~0u),
                               Part::more,
                               static_cast<u32>(hidden_groups),
                               {inner.x, inner.bottom() - px(14), inner.w, px(14)},
                               Detail::one_line,
                               false});
}

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
        chips(Part::softint, ids,
              {box.x + px(gap), box.y + px(18), box.w - px(2 * gap), box.h - px(18)}, px(100));
        x += width + px(gap);
    }
}

void Arranger::callouts(Rect room) {
    add(Part::band, static_cast<u32>(Band::callouts), room);
    std::vector<u32> ids;
    for (u32 id = 0; id < state_.callouts.size(); id++)
        if (state_.callouts[id].known
            && (state_.callouts[id].pending || state_.callouts[id].running))
            ids.push_back(id);
    auto rank = [&](u32 id) { return state_.callouts[id].running ? 0 : state_.callouts[id].due; };
    std::stable_sort(ids.begin(), ids.end(), [&](u32 a, u32 b) { return rank(a) < rank(b); });
    chips(Part::callout, ids,
          {room.x + px(margin), room.y + px(title), room.w - px(2 * margin),
           room.h - px(title + gap)},
          px(180));
}

/// Small things in rows; what does not fit becomes a count.
template <class Ids> void Arranger::chips(Part part, const Ids& ids, Rect room, float width) {
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
        scene.items.push_back({key_of(Part::more, static_cast<u32>(part) << 24 | ids[shown]),
                               Part::more, static_cast<u32>(ids.size() - shown), place(shown),
                               Detail::one_line, false});
}

} // namespace

Scene arrange(const model::State& state, Point size, float scale) {
    for (int density = 0;; density++) {
        Arranger arranger(state, size, scale, density);
        if (arranger.run() || density == dense)
            return std::move(arranger.scene);
    }
}

} // namespace view::machine
