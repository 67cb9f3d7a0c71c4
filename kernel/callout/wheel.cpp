// SPDX-License-Identifier: BSD-2-Clause
#include "callout/wheel.hpp"

namespace callout {

// Within 256 ticks the last byte of `due` comes up once, exactly at `due`: level 0. Further away,
// the bucket of the next byte comes up once before or at `due` (2), and then the rest is nearer.
void Wheel::choose_bucket(Entry& entry) const {
    Ticks ahead = is_due(entry) ? 0 : entry.due - now_;
    unsigned level = 0;
    while (level + 1 < levels && ahead >= Ticks{1} << (level + 1) * bits)
        level++;
    constexpr Ticks reach = (Ticks{1} << levels * bits) - 1; // filed again when that comes up
    entry.level = static_cast<u8>(level);
    entry.bucket = digit(now_ + (ahead > reach ? reach : ahead), level);
}

void Wheel::insert(Entry& entry) {
    choose_bucket(entry);
    (is_due(entry) ? todo_ : bucket_[entry.level][entry.bucket]).push_back(entry);
}

bool Wheel::turn() {
    now_++;
    for (unsigned level = 0; level < levels; level++) {
        todo_.take_all(bucket_[level][digit(now_, level)]);
        if (digit(now_, level) != 0)
            break;
    }
    return has_work();
}

Entry* Wheel::take() {
    Entry* entry = todo_.front();
    if (entry != nullptr)
        remove(*entry);
    return entry;
}

} // namespace callout
