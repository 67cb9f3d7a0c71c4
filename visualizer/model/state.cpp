// SPDX-License-Identifier: BSD-2-Clause
#include "model/state.hpp"

#include "model/transition.hpp"
#include "trace/words.hpp"

#include <iterator>

namespace model {

namespace {

template <class T, class Id> const T* find(const std::vector<T>& table, Id id) {
    auto index = static_cast<usize>(id);
    return index < table.size() && table[index].known ? &table[index] : nullptr;
}

template <class T> usize bytes(const std::vector<T>& table) {
    return table.capacity() * sizeof(T);
}

// Whether every field that is an enumeration has one of its values.
template <class E> bool values_exist(const E& event) {
    bool all = true;
    E::describe(event, [&](const char*, const auto& field) {
        using F = std::remove_cvref_t<decltype(field)>;
        if constexpr (Worded<F>)
            all = all && static_cast<usize>(field) < std::size(Words<F>::list);
    });
    return all;
}

} // namespace

std::optional<std::string> State::apply(const Record& record, HartId hart) {
    if (static_cast<u32>(hart) >= max_harts)
        return called(hart) + " is out of bounds";
    Transition transition(*this, record, hart);
    stamp = record.stamp;
    bool known = Events::visit(record, [&](const auto& event) {
        if (values_exist(event))
            transition(event);
        else
            transition.problem = "an event has a value that does not exist";
    });
    if (!known)
        return "an event that this program does not know";
    return std::move(transition.problem);
}

void State::lose(HartId hart, u64 count) {
    uncertain = true;
    if (static_cast<u32>(hart) < max_harts)
        harts[static_cast<usize>(hart)].discarded += count;
}

usize State::memory() const {
    usize total = sizeof(State) + bytes(lwps) + bytes(locks) + bytes(channels) + bytes(lines)
                  + bytes(softints) + bytes(callouts);
    for (const Hart& hart : harts)
        total += bytes(hart.pinned) + bytes(hart.run_queue) + bytes(hart.guests);
    for (const Lwp& lwp : lwps)
        total += bytes(lwp.holds) + bytes(lwp.raises);
    for (const Lock& lock : locks)
        total += bytes(lock.shared) + bytes(lock.waiters) + bytes(lock.spinners);
    for (const Channel& channel : channels)
        total += bytes(channel.sleepers);
    return total;
}

LineId State::guest_of(const Lwp& host) const {
    for (const Hart& hart : harts)
        for (auto guest = hart.guests.rbegin(); guest != hart.guests.rend(); ++guest)
            if (guest->host == host.id)
                return guest->line;
    return LineId::none;
}

const Lwp* State::lwp(LwpId id) const {
    return find(lwps, id);
}
const Lock* State::lock(LockId id) const {
    return find(locks, id);
}
const Channel* State::channel(ChannelId id) const {
    return find(channels, id);
}
const Line* State::line(LineId id) const {
    return find(lines, id);
}
const Softint* State::softint(SoftintId id) const {
    return find(softints, id);
}
const Callout* State::callout(CalloutId id) const {
    return find(callouts, id);
}

} // namespace model
