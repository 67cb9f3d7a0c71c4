// SPDX-License-Identifier: BSD-2-Clause
#include "model/store.hpp"

#include "model/transition.hpp"

#include <algorithm>
#include <cstring>

namespace model {

namespace {

static_assert(Events::count < 256, "ids no longer fit the store's column");

// How many bytes of a record's fields an event uses, by id; 0xff for ids that do not exist.
constexpr auto used_bytes = [] {
    std::array<u8, 256> sizes{};
    sizes.fill(0xff);
    Events::for_each([&]<class E>() {
        E event{};
        Layout layout;
        E::describe(event, [&](const char*, auto& field) { layout.place(field); });
        sizes[id_of<E>] = static_cast<u8>(layout.offset - fields_offset);
    });
    return sizes;
}();

bool is_known(u16 id) {
    return id != 0 && id <= Events::count;
}

u8* field_bytes(Record& record) {
    return reinterpret_cast<u8*>(&record) + fields_offset;
}
const u8* field_bytes(const Record& record) {
    return reinterpret_cast<const u8*>(&record) + fields_offset;
}

} // namespace

void Store::open_chunk() {
    if (!chunks_.empty()) {
        chunks_.back()->fields.shrink_to_fit();
        bytes_ += sizeof(Chunk) + chunks_.back()->fields.capacity();
    }
    chunks_.push_back(std::make_unique_for_overwrite<Chunk>());
    key_frames_.push_back(newest_);
    bytes_ += key_frames_.back().memory();
}

void Store::write(Chunk& into, const Record& record, HartId hart) {
    usize at = within(size_);
    if (at % group == 0)
        into.offsets[at / group] = static_cast<u32>(into.fields.size());
    u16 id = record_id(record);
    into.stamps[at] = record.stamp;
    into.lwps[at] = record_lwp(record);
    into.ids[at] = static_cast<u8>(id);
    into.harts[at] = static_cast<u8>(hart);
    const u8* fields = field_bytes(record);
    into.fields.insert(into.fields.end(), fields, fields + used_bytes[id]);
}

void Store::append(const Record& given, HartId hart) {
    Record record = given;
    u64 time = stamp_time(record.stamp);
    if (!is_known(record_id(record)) || static_cast<u32>(hart) >= max_harts) {
        report({Problem::Kind::unknown_event, hart, time, size_, 1,
                "an event that this program does not know"});
        return;
    }
    if (record.stamp < last_stamp_) {
        report({Problem::Kind::out_of_order, hart, time, size_, 1,
                "an event came after later ones had been shown"});
        record.stamp = last_stamp_;
    }
    last_stamp_ = record.stamp;
    if (within(size_) == 0)
        open_chunk();
    write(*chunks_.back(), record, hart);
    size_++;
    if (record_id(record) == id_of<Name>)
        names_.add(unpack<Name>(record));
    if (auto problem = newest_.apply(record, hart))
        report({Problem::Kind::impossible, hart, time, size_ - 1, 1, std::move(*problem)});
}

void Store::report(Problem problem) {
    problem_count_++;
    if (problem.kind == Problem::Kind::discarded) {
        discarded_ += problem.count;
        losses_.push_back({size_, problem.hart, problem.count});
        newest_.lose(problem.hart, problem.count);
    }
    if (!problems_.empty()) {
        Problem& last = problems_.back();
        if (last.kind == problem.kind && last.hart == problem.hart
            && last.sentence == problem.sentence) {
            last.count += problem.count;
            return;
        }
    }
    if (problems_.size() < most_problems)
        problems_.push_back(std::move(problem));
}

Event Store::event(usize index) const {
    const Chunk& from = chunk(index);
    usize at = within(index);
    u32 offset = from.offsets[at / group];
    for (usize i = at / group * group; i < at; i++)
        offset += used_bytes[from.ids[i]];
    Event out{{from.stamps[at], {}}, static_cast<HartId>(from.harts[at])};
    out.record.words[0] = from.ids[at] | static_cast<u64>(from.lwps[at]) << 16;
    std::memcpy(field_bytes(out.record), from.fields.data() + offset, used_bytes[from.ids[at]]);
    return out;
}

usize Store::upper_bound(u64 time) const {
    usize low = 0, high = size_;
    while (low < high) {
        usize middle = low + (high - low) / 2;
        if (this->time(middle) <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void Store::advance(State& state, usize from, usize to) const {
    // The state after n events knows of the losses noticed up to then.
    auto loss = std::upper_bound(losses_.begin(), losses_.end(), from,
                                 [](usize at, const Loss& each) { return at < each.at_event; });
    for (usize i = from; i < to; i++) {
        Event next = event(i);
        state.apply(next.record, next.hart);
        for (; loss != losses_.end() && loss->at_event == i + 1; ++loss)
            state.lose(loss->hart, loss->count);
    }
}

const State& Store::state_after(usize count) {
    if (count >= size_)
        return newest_;
    usize frame = count / key_frame_interval;
    if (count < cursor_at_ || cursor_at_ < frame * key_frame_interval) {
        cursor_ = key_frames_[frame];
        cursor_at_ = frame * key_frame_interval;
    }
    advance(cursor_, cursor_at_, count);
    cursor_at_ = count;
    return cursor_;
}

usize Store::memory() const {
    usize open = chunks_.empty() ? 0 : sizeof(Chunk) + chunks_.back()->fields.capacity();
    return sizeof(Store) + bytes_ + open + newest_.memory() + cursor_.memory() + names_.memory()
           + problems_.size() * sizeof(Problem) + losses_.size() * sizeof(Loss);
}

} // namespace model
