// SPDX-License-Identifier: BSD-2-Clause
#include "explore/pilot.hpp"

#include "arch/machine.hpp"

#include <algorithm>

namespace explore {

namespace {

constexpr u64 digest_start = 0xcbf29ce484222325, digest_factor = 0x100000001b3; // FNV-1a

} // namespace

Departures RunLog::list() const {
    Departures list;
    for (usize i = 0; i < std::min<usize>(departure_count, most_departures); i++)
        list.push_back(
            {departures[i].hart, departures[i].point, departures[i].act, departures[i].number});
    return list;
}

Pilot::Pilot(Strategy& strategy, RunLog& log, LoggedPoint* points, usize room)
    : strategy_(strategy)
    , log_(log)
    , points_(points)
    , room_(room) {
    log_.points = 0;
    log_.digest = digest_start;
    log_.departure_count = 0;
}

unsigned Pilot::pick(const Point& point) {
    u64 number = ++passed_[point.hart];
    u64 kind =
        point.hart | static_cast<u64>(point.place) << 4 | static_cast<u64>(point.access) << 8;
    log_.digest = (log_.digest ^ kind) * digest_factor;
    unsigned choice = strategy_.choose(point, number);
    if (choice != 0)
        note_departure(point, choice, number);
    if (log_.points < room_)
        note_point(point, choice);
    log_.points++;
    return choice;
}

void Pilot::note_departure(const Point& point, unsigned choice, u64 number) {
    u64 place = log_.departure_count++;
    if (place < RunLog::most_departures)
        log_.departures[place] = {static_cast<u32>(number), static_cast<u8>(point.hart),
                                  point.options[choice].act, point.options[choice].number, 0};
}

void Pilot::note_point(const Point& point, unsigned choice) {
    LoggedPoint& logged = points_[log_.points];
    logged.word = reinterpret_cast<u64>(point.word);
    logged.other = reinterpret_cast<u64>(point.other);
    logged.clock = arch::now();
    logged.hart = static_cast<u8>(point.hart);
    logged.place = point.place;
    logged.access = point.access;
    logged.count = static_cast<u8>(point.count);
    logged.chosen = static_cast<u8>(choice);
    std::copy_n(point.options, logged.count, logged.options);
}

} // namespace explore
