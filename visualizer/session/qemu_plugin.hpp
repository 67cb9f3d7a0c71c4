// SPDX-License-Identifier: BSD-2-Clause
// What a TCG plugin needs of QEMU, for the one source file of a plugin.
//
// QEMU packages no header for plugins, so the few functions are declared here. They are the same
// in every version of the interface from 1 (QEMU 7.2) to 4 (QEMU 10); only the number that a plugin
// has to state differs: 7.2 to 8.2 accept at most 1, later ones at least 2. QEMU reads the number
// after it has run our constructor, which tells the two apart by a function that came with 2.
// Read next: gate_plugin.cpp
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
using qemu_plugin_id_t = std::uint64_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn* insn,
                                            void (*callback)(unsigned vcpu, void* argument),
                                            qemu_plugin_cb_flags flags, void* argument);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* tb);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* tb, std::size_t index);
std::uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn* insn);
int qemu_plugin_num_vcpus() __attribute__((weak)); // exists since version 2
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    void (*callback)(qemu_plugin_id_t, void* argument),
                                    void* argument);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
}

namespace session {

__attribute__((constructor)) void choose_plugin_version() {
    if (qemu_plugin_num_vcpus != nullptr)
        qemu_plugin_version = 2;
}

} // namespace session
