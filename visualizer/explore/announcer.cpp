// SPDX-License-Identifier: BSD-2-Clause
#include "explore/announcer.hpp"

#include "arch/current.hpp"
#include "load/manifest.hpp"
#include "trace/events.hpp"
#include "trace/ring.hpp"

#include <algorithm>

namespace explore {

namespace {

constexpr u32 first_text = 10'000; // far above what the kernel gives out

} // namespace

Announcer::Announcer(Strategy& strategy, const Departures& departures, const std::string& caption,
                     Write write)
    : strategy_(strategy)
    , write_(write)
    , next_text_(first_text) {
    for (const Departure& departure : departures)
        texts_.push_back({departure, name(std::string(load::departure_mark)
                                          + what_happens(departure) + ", at point")});
    tell(trace::Phase{.text = name(caption)});
}

template <class E> void Announcer::tell(const E& event) {
    trace::Packed packed = trace::pack(event, trace::id_of<E>);
    const arch::Current& current = arch::current();
    u64& stamp = trace::trace_rings[current.hart].stamp;
    stamp = std::max(stamp, named_) + 1;
    trace::Record record{stamp, {packed.words[0], packed.words[1], packed.words[2]}};
    record.words[0] |= static_cast<u64>(current.id) << 16;
    write_(record, current.hart);
}

trace::TextId Announcer::name(const std::string& text) {
    u32 id = next_text_++;
    constexpr usize chunk = sizeof(trace::Text::bytes);
    for (usize from = 0; from <= text.size(); from += chunk) {
        trace::Text part{};
        std::copy_n(text.data() + from, std::min(chunk, text.size() - from), part.bytes);
        tell(trace::Name{.object = trace::object(trace::Kind::text, id), .text = part});
    }
    named_ = trace::trace_rings[arch::current().hart].stamp;
    return static_cast<trace::TextId>(id);
}

unsigned Announcer::choose(const Point& point, u64 number) {
    unsigned choice = strategy_.choose(point, number);
    if (choice == 0)
        return choice;
    for (const Text& text : texts_)
        if (text.departure.hart == point.hart && text.departure.point == number)
            tell(trace::Mark{.text = text.id, .value = number});
    return choice;
}

} // namespace explore
