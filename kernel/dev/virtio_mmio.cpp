// SPDX-License-Identifier: BSD-2-Clause
#include "dev/virtio_mmio.hpp"

namespace dev {

namespace {

constexpr u64 magic_value = 0x00, version = 0x04, device_id = 0x08, device_features = 0x10,
              device_features_select = 0x14, driver_features = 0x20, driver_features_select = 0x24,
              queue_select = 0x30, queue_size_max = 0x34, queue_size = 0x38, queue_ready = 0x44,
              status = 0x70, queue_descriptors = 0x80, queue_available = 0x90, queue_used = 0xa0;
constexpr u32 acknowledge = 1, driver = 2, driver_ok = 4, features_ok = 8;
constexpr u32 magic = 0x74726976;

void say(const char* text) {
    usize size = 0;
    while (text[size] != 0)
        size++;
    arch::console_write(text, size);
}

} // namespace

bool VirtioMmio::find(u32 wanted) {
    arch::Device device;
    for (unsigned i = 0; arch::find_device("virtio,mmio", i, device); i++) {
        base_ = device.base;
        if (read(magic_value) != magic || read(device_id) != wanted)
            continue;
        if (read(version) == 2)
            return true;
        say("A virtio device offers only the legacy interface, so it stays unused. Start QEMU with "
            "-global virtio-mmio.force-legacy=false\n");
    }
    base_ = 0;
    return false;
}

bool VirtioMmio::begin(u64 features) {
    write(status, 0);
    write(status, acknowledge);
    write(status, acknowledge | driver);
    u64 offered = 0;
    for (u32 half = 0; half < 2; half++) {
        write(device_features_select, half);
        offered |= u64{read(device_features)} << half * 32;
        write(driver_features_select, half);
        write(driver_features, static_cast<u32>(features >> half * 32));
    }
    if ((offered & features) != features)
        return false;
    write(status, acknowledge | driver | features_ok);
    return (read(status) & features_ok) != 0;
}

bool VirtioMmio::set_queue(u32 index, u16 size, const void* descriptors, const void* available,
                           const void* used) {
    write(queue_select, index);
    if (read(queue_size_max) < size)
        return false;
    write(queue_size, size);
    write_address(queue_descriptors, descriptors);
    write_address(queue_available, available);
    write_address(queue_used, used);
    write(queue_ready, 1);
    return true;
}

void VirtioMmio::ready() {
    write(status, acknowledge | driver | features_ok | driver_ok);
}

void VirtioMmio::write_address(u64 offset, const void* address) {
    u64 value = reinterpret_cast<u64>(address);
    write(offset, static_cast<u32>(value));
    write(offset + 4, static_cast<u32>(value >> 32));
}

} // namespace dev
