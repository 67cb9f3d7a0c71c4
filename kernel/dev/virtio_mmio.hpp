// SPDX-License-Identifier: BSD-2-Clause
// A virtio device behind memory-mapped registers (virtio 1.2, 4.2), modern interface only.
//
// QEMU's default is still the legacy interface, which differs in its registers and in its byte
// order. Nothing here speaks it: find() tells the console which option of QEMU is missing.
// Read next: virtio_serial.hpp
#pragma once

#include "arch/machine.hpp"
#include "dev/virtqueue.hpp"

namespace dev {

class VirtioMmio {
public:
    static constexpr u64 version_1 = u64{1} << 32; // the feature every modern driver asks for

    /// The first device with this virtio id. False if there is none, or only a legacy one.
    [[nodiscard]] bool find(u32 device_id);

    /// Resets the device and agrees on exactly `features`; false if it lacks one of them.
    [[nodiscard]] bool begin(u64 features);
    /// Between begin() and ready(). False if the device has no such queue or a smaller one.
    template <u16 size> [[nodiscard]] bool set_queue(u32 index, Virtqueue<size>& queue) {
        auto& memory = queue.memory();
        return set_queue(index, size, &memory.descriptors, &memory.available, &memory.used);
    }
    void ready();

    /// There are new buffers in the queue.
    void notify(u32 queue) { write(0x50, queue); }

private:
    bool set_queue(u32 index, u16 size, const void* descriptors, const void* available,
                   const void* used);
    u32 read(u64 offset) const { return *reinterpret_cast<volatile u32*>(base_ + offset); }
    void write(u64 offset, u32 value) {
        // What was written to memory before is visible to the device.
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        *reinterpret_cast<volatile u32*>(base_ + offset) = value;
    }
    void write_address(u64 offset, const void* address);

    u64 base_ = 0;
};

} // namespace dev
