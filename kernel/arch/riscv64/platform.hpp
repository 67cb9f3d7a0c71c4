// SPDX-License-Identifier: BSD-2-Clause
// What the device tree says about this machine: everything that differs between QEMU's versions and
// options, read once by the boot hart. No address of a device is written anywhere else.
#pragma once

#include "arch/machine.hpp"
#include "boot/device_tree.hpp"

namespace arch {

struct Platform {
    struct Hart {
        u64 id = 0;           // the hardware's
        u32 intc = 0;         // phandle of its interrupt controller
        u32 plic_context = 0; // supervisor context in the PLIC
    };

    boot::DeviceTree tree;
    Hart harts[max_harts];   // by the kernel's number: the boot hart first, the others by id
    unsigned hart_count = 0; // harts beyond max_harts stay in the firmware
    u64 timebase = 0;
    bool has_sstc = false;
    u64 memory_end = 0;
    u64 plic = 0;
    u32 line_count = 0;
    u64 console = 0;  // 16550 UART; 0: none
    u64 finisher = 0; // where an exit status goes; 0: none
    const char* arguments = "";
};

extern Platform platform;

/// Fills `platform`. False if the kernel cannot run on this machine (no timebase, harts or PLIC).
[[nodiscard]] bool discover(u64 boot_hart_id, const void* tree);

} // namespace arch
