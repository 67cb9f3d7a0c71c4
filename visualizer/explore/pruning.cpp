// SPDX-License-Identifier: BSD-2-Clause
#include "explore/pruning.hpp"

namespace explore {

using arch::Access;

namespace {

bool goes_on(const LoggedPoint& point) {
    return point.place == Place::access && point.chosen == 0;
}

bool is_held_back(const LoggedPoint& point) {
    return point.place == Place::store && point.chosen != 0;
}

} // namespace

void Footprint::add_absence(const std::vector<LoggedPoint>& points, usize from) {
    const LoggedPoint& left = points[from];
    usize at = from + 1;
    for (; at < points.size() && !everything_; at++) {
        const LoggedPoint& point = points[at];
        everything_ = point.clock != left.clock && rule_ != Pruning::deaf; // (4)
        if (point.hart == left.hart && point.chosen == 0)
            break; // (2)
        add(point);
    }
    if (rule_ != Pruning::undelayed)
        add_held(points, at); // (5)
}

void Footprint::add(const LoggedPoint& point) {
    Act chosen = point.options[point.chosen].act;
    bool interrupts = chosen == Act::line || chosen == Act::tick || point.place == Place::signal;
    everything_ = everything_ || (interrupts && rule_ != Pruning::deaf); // (4)
    if (!goes_on(point))
        return; // (1)
    switch (point.access) {
    case Access::none:
    case Access::own:
        break;
    case Access::load:
        words_[point.word] |= false;
        break;
    case Access::contexts:
        words_[point.other] = true;
        [[fallthrough]];
    case Access::store:
    case Access::update:
        words_[point.word] = true;
        break;
    case Access::device:
    case Access::unknown:
        everything_ = rule_ != Pruning::deaf;
    }
}

void Footprint::add_held(const std::vector<LoggedPoint>& points, usize end) {
    for (usize at = 0; at < end; at++)
        if (is_held_back(points[at]))
            words_[points[at].word] = true;
}

bool Footprint::commutes_with(const LoggedPoint& point) const {
    auto untouched = [this](u64 word) { return !words_.contains(word); };
    auto unwritten = [this](u64 word) {
        auto found = words_.find(word);
        return found == words_.end() || !found->second;
    };
    if (everything_)
        return false;
    switch (point.access) {
    case Access::own:
        return true;
    case Access::load:
        return unwritten(point.word) || rule_ == Pruning::careless_look;
    case Access::store:
    case Access::update:
        return untouched(point.word);
    case Access::contexts:
        return untouched(point.word) && untouched(point.other);
    case Access::none:
    case Access::device:
    case Access::unknown:
        break;
    }
    return false; // (3)
}

bool follows(const LoggedPoint& point, const LoggedPoint& next) {
    return next.hart == point.hart && next.place == Place::access && goes_on(point);
}

} // namespace explore
