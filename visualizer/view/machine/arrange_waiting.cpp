// SPDX-License-Identifier: BSD-2-Clause
// Those who wait, grouped by what they wait for. See arranger.hpp.
#include "view/machine/arranger.hpp"

#include <algorithm>

namespace view::machine {

namespace {

constexpr float name_line = 20, words_line = 17; // of a group's words

/// A lock that a picture of those who wait must show: somebody waits, or several may hold it.
bool worth_showing(const model::Lock& lock) {
    if (!lock.waiters.empty() || !lock.spinners.empty())
        return true;
    bool held = lock.owner != LwpId::none || !lock.shared.empty();
    return lock.known && held && lock.kind != trace::LockKind::adaptive_mutex
           && lock.kind != trace::LockKind::spin_mutex;
}

} // namespace

/// Who keeps somebody waiting first; then locks with holders only, and semaphores.
std::vector<Arranger::Group> Arranger::groups() const {
    std::vector<Group> groups;
    for (u32 id = 0; id < state_.locks.size(); id++) {
        const model::Lock& lock = state_.locks[id];
        if (!worth_showing(lock))
            continue;
        float words = density_ == 0 ? words_line : 0;
        if (density_ < dense && !lock.spinners.empty())
            words += words_line;
        groups.push_back(
            {Part::turnstile, id, places_.off_harts(lock.waiters), px(name_line + words)});
    }
    for (u32 id = 0; id < state_.channels.size(); id++) {
        const model::Channel& channel = state_.channels[id];
        if (!channel.sleepers.empty() || channel.counts)
            groups.push_back(
                {Part::channel, id, places_.off_harts(channel.sleepers), px(name_line)});
    }
    std::stable_partition(groups.begin(), groups.end(),
                          [](const Group& group) { return !group.lwps.empty(); });
    return groups;
}

void Arranger::group(const Group& group, Rect at) {
    add(group.part, group.id, at, density_ == 0 ? Detail::two_lines : Detail::one_line);
    list(group.lwps,
         {at.x + px(margin), at.y + group.head, at.w - px(2 * margin), at.h - group.head},
         sizes_.group_limit);
}

void Arranger::waiting(Rect room) {
    add(Part::band, static_cast<u32>(Band::waiting), room);
    std::vector<Group> all = groups();
    Rect inner{room.x + px(margin), room.y + px(title), room.w - px(margin + wire_margin),
               room.h - px(title + gap)};
    float least = px(density_ == 0 ? 210 : 128);
    auto columns = std::max<usize>(1, static_cast<usize>(inner.w / least));
    columns = std::min(columns, std::max<usize>(1, all.size()));
    auto height_of = [&](const Group& each) {
        usize rows = std::min(each.lwps.size(), sizes_.group_limit);
        return each.head + static_cast<float>(rows) * px(sizes_.list + gap) + px(gap);
    };
    float all_in_one = 0; // wide cards say more, and wires among them stay out of their way
    for (const Group& each : all)
        all_in_one += height_of(each) + px(gap);
    if (density_ == 0 || all_in_one <= inner.h)
        columns = 1;
    float width = inner.w / static_cast<float>(columns) - px(gap);
    std::vector<float> ends(columns, inner.y);
    usize hidden_groups = 0;
    for (const Group& each : all) {
        float height = height_of(each);
        auto column = static_cast<usize>(std::min_element(ends.begin(), ends.end()) - ends.begin());
        float x = inner.x + static_cast<float>(column) * (width + px(gap));
        bool overflow = ends[column] + height > inner.bottom();
        if (overflow && density_ < dense)
            fits_ = false;
        if (overflow && density_ == dense) {
            hidden_groups++;
            for (LwpId lwp : each.lwps)
                add(Part::lwp, static_cast<u32>(lwp),
                    {inner.x, inner.bottom() - px(14), width, px(14)}, Detail::one_line, true);
            continue;
        }
        group(each, {x, ends[column], width, height});
        ends[column] += height + px(gap);
    }
    if (hidden_groups != 0)
        count(key_of(Part::more, ~0u), hidden_groups,
              {inner.x, inner.bottom() - px(14), inner.w, px(14)});
}

} // namespace view::machine
