// SPDX-License-Identifier: BSD-2-Clause
// A split virtqueue (virtio 1.2, 2.7): how driver and device hand buffers to each other.
//
//   driver: put(buffer) ──▶ available ring ──▶ device uses the buffer ──▶ used ring ──▶ get()
//
// Every buffer is one descriptor, which is all that a serial port needs.
//
// Rules
//   - The caller's lock protects a queue. Nothing is copied: a buffer is the device's until get()
//     returns it.
// Read next: virtio_mmio.hpp
#pragma once

#include "lib/types.hpp"

namespace dev {

/// Memory that both sides see; its layout is the device's.
template <u16 size> struct VirtqueueMemory {
    struct Descriptor {
        u64 address;
        u32 length;
        u16 flags;
        u16 next;
    };
    struct Used {
        u32 descriptor;
        u32 length;
    };
    alignas(16) Descriptor descriptors[size];
    alignas(2) struct {
        u16 flags;
        u16 index;
        u16 ring[size];
    } available;
    alignas(4) struct {
        u16 flags;
        u16 index;
        Used ring[size];
    } used;
};

/// A buffer that came back, and how many bytes the device wrote into it.
struct Returned {
    void* buffer = nullptr; // nullptr: none
    u32 length = 0;
};

template <u16 size> class Virtqueue {
public:
    enum class Direction : u16 { to_device = 0, to_driver = 2 };

    constexpr Virtqueue() {
        for (u16 i = 0; i < size; i++)
            free_[i] = i;
    }

    /// Offers a buffer; false if the queue is full. The device looks when it is notified.
    bool put(void* buffer, u32 length, Direction direction) {
        if (free_count_ == 0)
            return false;
        u16 slot = free_[--free_count_];
        memory_.descriptors[slot] = {.address = reinterpret_cast<u64>(buffer),
                                     .length = length,
                                     .flags = static_cast<u16>(direction),
                                     .next = 0};
        memory_.available.ring[next_available_ % size] = slot;
        // The device must see the descriptor before the index that announces it.
        __atomic_store_n(&memory_.available.index, ++next_available_, __ATOMIC_RELEASE);
        return true;
    }

    Returned get() {
        if (next_used_ == __atomic_load_n(&memory_.used.index, __ATOMIC_ACQUIRE))
            return {};
        auto used = memory_.used.ring[next_used_++ % size];
        u16 slot = static_cast<u16>(used.descriptor % size);
        free_[free_count_++ % size] = slot;
        return {.buffer = reinterpret_cast<void*>(memory_.descriptors[slot].address),
                .length = used.length};
    }

    /// The device shall not interrupt when it has used a buffer.
    void suppress_interrupts() { memory_.available.flags = 1; }

    VirtqueueMemory<size>& memory() { return memory_; }

private:
    VirtqueueMemory<size> memory_ = {};
    u16 free_[size];
    u16 free_count_ = size;
    u16 next_available_ = 0;
    u16 next_used_ = 0;
};

} // namespace dev
