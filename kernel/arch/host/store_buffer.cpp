// SPDX-License-Identifier: BSD-2-Clause
#include "store_buffer.hpp"

#include "state.hpp"

namespace arch::host {

namespace {

struct Held {
    void* word;
    u64 value;
    usize size;
};

constexpr unsigned most_held = 8;

struct Buffer {
    Held held[most_held]; // the oldest first
    unsigned count = 0;
};

Buffer buffers[max_harts];

void perform(const Held& store) {
    switch (store.size) {
    case 1:
        return __atomic_store_n(static_cast<u8*>(store.word), static_cast<u8>(store.value),
                                __ATOMIC_RELAXED);
    case 2:
        return __atomic_store_n(static_cast<u16*>(store.word), static_cast<u16>(store.value),
                                __ATOMIC_RELAXED);
    case 4:
        return __atomic_store_n(static_cast<u32*>(store.word), static_cast<u32>(store.value),
                                __ATOMIC_RELAXED);
    default:
        return __atomic_store_n(static_cast<u64*>(store.word), store.value, __ATOMIC_RELAXED);
    }
}

bool chosen_late(const void* word) {
    Point point;
    point.hart = simulation.running;
    point.place = Place::store;
    point.access = Access::store;
    point.word = word;
    point.offer(Act::go_on, point.hart);
    point.offer(Act::late, point.hart);
    return simulation.machine.choices->pick(point) != 0;
}

} // namespace

void stand_before(Access access, const void* word, const void* other) {
    if (mover().started)
        step(access, word, other);
}

const u64* held_value(const void* word) {
    const Buffer& buffer = buffers[simulation.running];
    for (unsigned i = buffer.count; i-- > 0;)
        if (buffer.held[i].word == word)
            return &buffer.held[i].value;
    return nullptr;
}

bool hold_store(void* word, u64 value, usize size, bool releases) {
    if (!simulation.machine.delayed_stores || !mover().started)
        return false;
    Buffer& buffer = buffers[simulation.running];
    if (buffer.count < most_held && chosen_late(word)) {
        buffer.held[buffer.count++] = {word, value, size};
        return true;
    }
    if (releases || held_value(word) != nullptr || buffer.count == most_held)
        drain_stores(simulation.running);
    return false;
}

void drain_own_stores() {
    drain_stores(simulation.running);
}

void drain_stores(unsigned hart) {
    while (buffers[hart].count != 0)
        drain_one_store(hart);
}

void drain_one_store(unsigned hart) {
    Buffer& buffer = buffers[hart];
    perform(buffer.held[0]);
    buffer.count--;
    for (unsigned i = 0; i < buffer.count; i++)
        buffer.held[i] = buffer.held[i + 1];
}

bool has_held_stores(unsigned hart) {
    return buffers[hart].count != 0;
}

} // namespace arch::host
