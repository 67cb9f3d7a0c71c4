// SPDX-License-Identifier: BSD-2-Clause
#include "explore/behaviour.hpp"

#include <array>
#include <unordered_map>

namespace explore {

using arch::Access;

namespace {

/// splitmix64.
u64 mixed(u64 value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

class Follower {
public:
    void follow(const LoggedPoint& point) {
        u64 self = mixed((u64{point.hart} << 56) + ++made_[point.hart]);
        switch (point.access) {
        case Access::load:
            look(self, point.word);
            break;
        case Access::contexts:
            change(self, point.other);
            [[fallthrough]];
        case Access::store:
        case Access::update:
            change(self, point.word);
            break;
        case Access::device:
        case Access::unknown:
            change(self, outside);
            break;
        case Access::none:
        case Access::own:
            break;
        }
    }
    [[nodiscard]] u64 sum() const { return sum_; }

private:
    static constexpr u64 outside = 1; // no word lies there

    struct Word {
        u64 changed_by = 0;
        u64 seen_by = 0; // since then; a sum, as their order makes no difference
    };
    void look(u64 self, u64 word) {
        Word& state = words_[word];
        state.seen_by += self;
        sum_ += mixed(self ^ mixed(word ^ mixed(state.changed_by)));
    }
    void change(u64 self, u64 word) {
        Word& state = words_[word];
        sum_ += mixed(self ^ mixed(word ^ mixed(state.changed_by ^ mixed(state.seen_by))));
        state = {self, 0};
    }

    std::array<u64, arch::max_harts> made_{}; // accesses
    std::unordered_map<u64, Word> words_;
    u64 sum_ = 0;
};

} // namespace

u64 behaviour_of(const std::vector<LoggedPoint>& points) {
    Follower follower;
    for (const LoggedPoint& point : points)
        if (point.place == Place::access && point.chosen == 0)
            follower.follow(point);
    return follower.sum();
}

void Behaviours::add(u64 behaviour) {
    behaviour += behaviour == 0;
    for (usize at = behaviour % room; count_ < room / 4 * 3; at = (at + 1) % room) {
        u64 there = 0;
        if (table_[at].compare_exchange_strong(there, behaviour)) {
            count_++;
            return;
        }
        if (there == behaviour)
            return;
    }
}

} // namespace explore
