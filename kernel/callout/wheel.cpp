// SPDX-License-Identifier: BSD-2-Clause
#include "callout/wheel.hpp"

namespace callout {

void Wheel::insert(Entry& entry) {
    EntryList& list = entry.due <= now_ ? todo_ : list_for(entry.due);
    list.push_back(entry);
    entry.list = &list;
}

void Wheel::remove(Entry& entry) {
    entry.list->remove(entry);
    entry.list = nullptr;
}

// Within 256 ticks the last byte of `due` comes up once, exactly at `due`: level 0. Further away,
// the bucket of the next byte comes up once before or at `due` (2), and then the rest is nearer.
EntryList& Wheel::list_for(Ticks due) {
    unsigned level = 0;
    while (level + 1 < levels && due - now_ >= Ticks{1} << (level + 1) * bits)
        level++;
    Ticks reach = (Ticks{1} << levels * bits) - 1;
    Ticks at =
        due - now_ > reach ? now_ + reach : due; // too far ahead: filed again when it comes up
    return bucket_[level][digit(at, level)];
}

bool Wheel::turn() {
    now_++;
    for (unsigned level = 0; level < levels; level++) {
        EntryList& bucket = bucket_[level][digit(now_, level)];
        for (Entry* entry = bucket.front(); entry != nullptr; entry = EntryList::next(*entry))
            entry->list = &todo_;
        todo_.take_all(bucket);
        if (digit(now_, level) != 0)
            break;
    }
    return !todo_.empty();
}

Entry* Wheel::take_due() {
    while (Entry* entry = todo_.front()) {
        remove(*entry);
        if (entry->due <= now_)
            return entry;
        insert(*entry);
    }
    return nullptr;
}

const EntryList* Wheel::after(const EntryList* list) const {
    const EntryList* first = &bucket_[0][0];
    const EntryList* end = first + levels * buckets;
    const EntryList* next = list == &todo_ ? first : list + 1;
    return next == end ? nullptr : next;
}

} // namespace callout
