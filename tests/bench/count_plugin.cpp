// SPDX-License-Identifier: BSD-2-Clause
// A plugin for QEMU that counts the instructions a guest executes in its kernel.
//
//   -plugin build/count.so,out=FILE
//
// Firmware is left out: the kernel begins at 0x80200000. A hart that waits for an interrupt
// executes nothing, so the sum is the work that was done, which no clock shows.
#include "session/qemu_plugin.hpp"

#include <climits>
#include <cstdio>
#include <cstring>

namespace {

constexpr std::uint64_t kernel_begins = 0x80200000;
std::uint64_t executed = 0; // -icount runs the harts one after the other
char out[PATH_MAX];         // outlives static objects: QEMU ends plugins after those

void on_instruction(unsigned, void*) {
    executed++;
}

void on_translation(qemu_plugin_id_t, qemu_plugin_tb* tb) {
    for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(tb, i);
        if (qemu_plugin_insn_vaddr(insn) >= kernel_begins)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_instruction, QEMU_PLUGIN_CB_NO_REGS,
                                                   nullptr);
    }
}

void on_exit(qemu_plugin_id_t, void*) {
    if (std::FILE* file = std::fopen(out, "w")) {
        std::fprintf(file, "%llu\n", static_cast<unsigned long long>(executed));
        std::fclose(file);
    }
}

} // namespace

extern "C" __attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*, int argc, char** argv) {
    if (argc != 1 || std::strncmp(argv[0], "out=", 4) != 0) {
        std::fprintf(stderr, "count: needs out=FILE\n");
        return -1;
    }
    std::snprintf(out, sizeof out, "%s", argv[0] + 4);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
    return 0;
}
