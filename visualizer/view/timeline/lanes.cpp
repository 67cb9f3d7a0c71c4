// SPDX-License-Identifier: BSD-2-Clause
#include "view/timeline/lanes.hpp"

#include "model/line_state.hpp"
#include "view/participants.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace view::timeline {
namespace {

u64 place_key(const Object& object) {
    return static_cast<u64>(object.kind) << 32 | object.id;
}

struct Now {
    u8 klass;
    u16 who;
};

/// What the object is after the last event; nothing for objects without a lane.
std::optional<Now> now_of(const model::State& state, const Object& object) {
    switch (object.kind) {
    case trace::Kind::lwp: {
        const model::Lwp* lwp = state.lwp(trace::LwpId{static_cast<u16>(object.id)});
        if (lwp == nullptr || !lwp->known)
            return std::nullopt;
        auto hart = static_cast<u16>(static_cast<u16>(lwp->hart) + 1); // none becomes 0
        return Now{static_cast<u8>(lwp->state), hart};
    }
    case trace::Kind::hart: {
        if (object.id >= state.harts.size() || state.harts[object.id].running == trace::LwpId::none)
            return std::nullopt;
        trace::LwpId running = state.harts[object.id].running;
        const model::Lwp* lwp = state.lwp(running);
        auto kind = lwp != nullptr && lwp->known ? lwp->kind : trace::LwpKind::kernel;
        // In the classic model a handler has no LWP: the hart serves it inside the one that runs.
        if (lwp != nullptr && state.guest_of(*lwp) != trace::LineId::none)
            kind = trace::LwpKind::interrupt;
        else if (lwp != nullptr && lwp->softint != trace::SoftintId::none)
            kind = trace::LwpKind::softint;
        return Now{static_cast<u8>(kind), static_cast<u16>(running)};
    }
    case trace::Kind::line: {
        const model::Line* line = state.line(trace::LineId{static_cast<u16>(object.id)});
        if (line == nullptr || !line->known)
            return std::nullopt;
        return Now{static_cast<u8>(model::line_state(state, *line)),
                   static_cast<u16>(line->handler)};
    }
    case trace::Kind::lock: {
        const model::Lock* lock = state.lock(trace::LockId{object.id});
        if (lock == nullptr || !lock->known)
            return std::nullopt;
        bool held = lock->owner != trace::LwpId::none || !lock->shared.empty();
        LockClass klass = !lock->waiters.empty() ? LockClass::contended
                          : held                 ? LockClass::held
                                                 : LockClass::free;
        return Now{static_cast<u8>(klass), static_cast<u16>(lock->owner)};
    }
    default:
        return std::nullopt;
    }
}

} // namespace

usize Lane::span_at(u32 index) const {
    auto after = std::upper_bound(starts_.begin(), starts_.end(), index);
    return after == starts_.begin() ? size() : static_cast<usize>(after - starts_.begin()) - 1;
}

std::pair<usize, usize> Lane::spans_within(u32 first, u32 last) const {
    auto from = std::lower_bound(starts_.begin(), starts_.end(), first);
    auto to = std::lower_bound(from, starts_.end(), last);
    return {static_cast<usize>(from - starts_.begin()), static_cast<usize>(to - starts_.begin())};
}

void Lane::append(const model::Store& store, u32 event, u8 klass, u16 who) {
    klass = std::min<u8>(klass, class_count - 1);
    if (!starts_.empty())
        total_[classes_.back()] += store.time(event) - store.time(starts_.back());
    if (starts_.size() % block == 0) {
        sums_.push_back(total_);
        block_classes_.push_back(0);
    }
    starts_.push_back(event);
    classes_.push_back(klass);
    who_.push_back(who);
    block_classes_.back() = static_cast<u8>(block_classes_.back() | 1u << klass);
}

usize Lane::count_before(u32 events, usize hint) const {
    // Columns are asked for in order, so the answer is near the last one: steps that double.
    usize low = hint, step = 1;
    while (low + step < starts_.size() && starts_[low + step] < events) {
        low += step;
        step *= 2;
    }
    auto begin = starts_.begin() + static_cast<std::ptrdiff_t>(low);
    auto end =
        starts_.begin() + static_cast<std::ptrdiff_t>(std::min(starts_.size(), low + step + 1));
    return static_cast<usize>(std::lower_bound(begin, end, events) - starts_.begin());
}

Mixture Lane::within(const model::Store& store, usize from, usize to, u64 t0, u64 t1) const {
    Mixture mixture;
    if (to == 0 || t1 < t0)
        return mixture;
    mixture.present = present(from == 0 ? 0 : from - 1, to);
    if (to - from > 2 * block) {
        Durations before = until(store, from, t0);
        mixture.ticks = until(store, to, t1);
        for (usize k = 0; k < class_count; k++)
            mixture.ticks[k] -= before[k];
        return mixture;
    }
    u64 at = from == 0 ? std::clamp(store.time(starts_[0]), t0, t1) : t0;
    for (usize i = from == 0 ? 1 : from; i < to; i++) {
        u64 end = std::clamp(store.time(starts_[i]), at, t1);
        mixture.ticks[classes_[i - 1]] += end - at;
        at = end;
    }
    mixture.ticks[classes_[to - 1]] += t1 - at;
    return mixture;
}

/// Time per class from the lane's beginning to `time`, before which `count` spans had begun.
Durations Lane::until(const model::Store& store, usize count, u64 time) const {
    if (count == 0)
        return {};
    usize last = count - 1;
    Durations sum = sums_[last / block];
    for (usize i = last / block * block; i < last; i++)
        sum[classes_[i]] += store.time(starts_[i + 1]) - store.time(starts_[i]);
    sum[classes_[last]] += time - std::min(time, store.time(starts_[last]));
    return sum;
}

/// The classes of spans [from, to), a bit each.
u8 Lane::present(usize from, usize to) const {
    u8 found = 0;
    while (from < to) {
        if (from % block == 0 && from + block <= to) {
            found = static_cast<u8>(found | block_classes_[from / block]);
            from += block;
        } else {
            found = static_cast<u8>(found | 1u << classes_[from++]);
        }
    }
    return found;
}

usize Lane::memory() const {
    return starts_.capacity() * sizeof(u32) + classes_.capacity() + who_.capacity() * sizeof(u16)
           + sums_.capacity() * sizeof(Durations) + block_classes_.capacity();
}

bool Lanes::update(const model::Store& store, int milliseconds) {
    bool other_run =
        looked_at_ > store.size() || (looked_at_ != 0 && store.event(0).stamp() != first_stamp_);
    if (other_run)
        *this = Lanes();
    if (looked_at_ == 0 && !store.empty())
        first_stamp_ = store.event(0).stamp();
    auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    for (; looked_at_ < store.size(); looked_at_++) {
        if (looked_at_ % 512 == 511 && std::chrono::steady_clock::now() > end)
            return true;
        model::Event event = store.event(looked_at_);
        (void)state_.apply(event.record, event.hart); // what is impossible the store has reported
        auto index = static_cast<u32>(looked_at_);
        for (const Object& object : participants(event)) {
            note(store, index, object);
            // What becomes of a handler becomes of its line.
            if (object.kind == trace::Kind::lwp)
                if (const model::Lwp* lwp = state_.lwp(trace::LwpId{static_cast<u16>(object.id)});
                    lwp != nullptr && lwp->line != trace::LineId::none)
                    note(store, index, view::object(lwp->line));
        }
        note_flag(store, index, event);
    }
    return false;
}

void Lanes::note_flag(const model::Store& store, u32 index, const model::Event& event) {
    constexpr usize most = 100'000;
    auto flag = [&](FlagKind kind) {
        if (flags_.size() < most)
            flags_.push_back({index, kind});
    };
    switch (event.id()) {
    case trace::id_of<trace::Phase>:
        return flag(FlagKind::phase);
    case trace::id_of<trace::Mark>:
        if (is_departure(event, store.names()))
            flag(FlagKind::departure);
        return;
    case trace::id_of<trace::Verdict>:
        return flag(FlagKind::verdict);
    case trace::id_of<trace::Report>:
    case trace::id_of<trace::Panic>:
        return flag(FlagKind::alarm);
    case trace::id_of<trace::Check>:
        if (trace::unpack<trace::Check>(event.record).passed == 0)
            flag(FlagKind::alarm);
        return;
    default:
        return;
    }
}

void Lanes::note(const model::Store& store, u32 event, const Object& object) {
    std::optional<Now> now = now_of(state_, object);
    if (!now)
        return;
    auto [place, is_new] = places_.try_emplace(place_key(object), lanes_.size());
    if (is_new)
        lanes_.emplace_back(object);
    Lane& lane = lanes_[place->second];
    usize last = lane.size() - 1;
    if (lane.size() != 0 && lane.class_of(last) == now->klass && lane.who(last) == now->who)
        return;
    if (lane.size() == 0 || lane.start(last) < event) // (1): an event may name an object twice
        lane.append(store, event, now->klass, now->who);
}

const Lane* Lanes::find(const Object& object) const {
    auto place = places_.find(place_key(object));
    return place == places_.end() ? nullptr : &lanes_[place->second];
}

usize Lanes::memory() const {
    usize bytes = 0;
    for (const Lane& lane : lanes_)
        bytes += sizeof(Lane) + lane.memory();
    return bytes;
}

} // namespace view::timeline
