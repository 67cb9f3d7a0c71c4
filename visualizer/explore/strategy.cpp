// SPDX-License-Identifier: BSD-2-Clause
#include "explore/strategy.hpp"

#include <algorithm>

namespace explore {

// ---- dice ---------------------------------------------------------------------------------------

Dice::Dice(u64 seed)
    : state_((seed + 1) * 0x9e3779b97f4a7c15) {
    if (state_ == 0)
        state_ = 1;
    for (int warm_up = 0; warm_up < 4; warm_up++)
        next();
}

u64 Dice::next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1d;
}

// ---- random -------------------------------------------------------------------------------------

// How often something happens is itself drawn: some bugs want a crowd, others a single surprise.
RandomStrategy::RandomStrategy(u64 seed)
    : dice_(seed) {
    static constexpr u64 calms[] = {3, 8, 24, 80, 250};
    calm_ = calms[dice_.below(std::size(calms))];
    draw_gap();
}

void RandomStrategy::draw_gap() {
    gap_ = dice_.below(2 * calm_);
}

unsigned RandomStrategy::choose(const Point& point, u64) {
    if (point.count < 2)
        return 0;
    if (gap_ != 0) {
        gap_--;
        return 0;
    }
    draw_gap();
    unsigned choice = 1 + static_cast<unsigned>(dice_.below(point.count - 1));
    return point.options[choice].act != Act::tick || may_tick() ? choice : 0;
}

// Time passes at every point as an option; if it did so as often, there would be nothing else. And
// a kernel whose clock ticks faster than it can serve a tick gets nowhere: a storm must end.
bool RandomStrategy::may_tick() {
    constexpr u64 seldom = 4;
    if (ticks_left_ == 0 || dice_.below(seldom) != 0)
        return false;
    ticks_left_--;
    return true;
}

// ---- probabilistic concurrency testing ----------------------------------------------------------

SparseStrategy::SparseStrategy(u64 seed, u64 count, u64 length)
    : dice_(seed)
    , left_(count)
    , widest_gap_(2 * length / std::max<u64>(count, 1) + 1) {
    draw_gap();
}

unsigned SparseStrategy::choose(const Point& point, u64) {
    if (point.count < 2 || left_ == 0 || gap_-- > 0)
        return 0;
    left_--;
    draw_gap();
    return 1 + static_cast<unsigned>(dice_.below(point.count - 1));
}

PctStrategy::PctStrategy(u64 seed, unsigned depth, u64 length)
    : dice_(seed) {
    for (unsigned hart = 0; hart < priority_.size(); hart++)
        priority_[hart] = hart + 1;
    for (usize i = priority_.size(); i > 1; i--) // a shuffle
        std::swap(priority_[i - 1], priority_[dice_.below(i)]);
    change_count_ = std::min(depth > 0 ? depth - 1 : 0, most_changes);
    for (unsigned i = 0; i < change_count_; i++)
        changes_[i] = 1 + dice_.below(std::max<u64>(length, 1));
    std::sort(changes_.begin(), changes_.begin() + change_count_);
}

bool PctStrategy::is_change() {
    points_++;
    bool change = changes_over_ < change_count_ && points_ >= changes_[changes_over_];
    changes_over_ += change;
    return change;
}

/// The option that moves the hart of the highest priority; 0 if that is the one that stands here.
unsigned PctStrategy::highest(const Point& point) const {
    unsigned best = 0;
    i64 priority = point.options[0].act == Act::hart ? priority_[point.options[0].number]
                                                     : priority_[point.hart];
    for (unsigned i = 1; i < point.count; i++) {
        Option option = point.options[i];
        if (option.act == Act::hart && priority_[option.number] > priority) {
            priority = priority_[option.number];
            best = i;
        }
    }
    return best;
}

unsigned PctStrategy::choose(const Point& point, u64) {
    if (point.place == Place::relaxes)
        priority_[point.hart] = --lowest_; // whoever it waits for comes first
    if (point.place == Place::store || point.place == Place::signal)
        return static_cast<unsigned>(dice_.below(2));
    if (is_change()) {
        unsigned surprise = static_cast<unsigned>(dice_.below(point.count));
        if (point.options[surprise].act != Act::go_on && point.options[surprise].act != Act::hart)
            return surprise;
        priority_[point.hart] = --lowest_;
    }
    return highest(point);
}

// ---- fixed --------------------------------------------------------------------------------------

FixedStrategy::FixedStrategy(const Departures& departures) {
    for (const Departure& departure : departures)
        queues_[departure.hart].departures.push_back(departure);
}

unsigned FixedStrategy::choose(const Point& point, u64 number) {
    Queue& queue = queues_[point.hart];
    if (queue.next == queue.departures.size() || queue.departures[queue.next].point != number)
        return 0;
    const Departure& wanted = queue.departures[queue.next++];
    for (unsigned i = 0; i < point.count; i++) {
        if (point.options[i].act != wanted.act)
            continue;
        bool any = wanted.act == Act::tick || wanted.act == Act::late;
        if (any || point.options[i].number == wanted.number) {
            made_++;
            return i;
        }
    }
    return 0;
}

} // namespace explore
