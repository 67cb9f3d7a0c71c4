// SPDX-License-Identifier: BSD-2-Clause
// The plugin that QEMU loads: it counts the executions of one guest instruction and holds the
// virtual CPU there while the visualizer wants the machine to stand still. See gate.hpp.
//
//   -plugin build/gate.so,shm=/proc/self/fd/5,address=0x80201234,notify=6
//
// `shm` is opened and mapped, `notify` is an eventfd inherited from the visualizer: it becomes
// readable when a hart is held, so that nobody has to poll.
#include "session/gate.hpp"
#include "session/qemu_plugin.hpp"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

session::Gate* gate = nullptr;
std::uint64_t gate_address = 0;
int notify = -1;

void hold() {
    gate->held.fetch_add(1);
    std::uint64_t one = 1;
    if (write(notify, &one, sizeof one) != sizeof one) {
        // Nobody listens; who polls `held` still sees it.
    }
    for (;;) {
        // Read before the test: if stop_at is raised in between, `wake` differs and the wait
        // returns at once.
        std::uint32_t seen = gate->wake.load();
        if (gate->hits.load() < gate->stop_at.load())
            break;
        syscall(SYS_futex, &gate->wake, FUTEX_WAIT, seen, nullptr, nullptr, 0);
    }
    gate->held.fetch_sub(1);
}

void on_gate(unsigned, void*) {
    if (gate->hits.fetch_add(1) + 1 >= gate->stop_at.load())
        hold();
}

void on_translation(qemu_plugin_id_t, qemu_plugin_tb* tb) {
    for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(tb, i);
        if (qemu_plugin_insn_vaddr(insn) == gate_address)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_gate, QEMU_PLUGIN_CB_NO_REGS, nullptr);
    }
}

const char* value_of(const char* argument, const char* key) {
    std::size_t length = std::strlen(key);
    return std::strncmp(argument, key, length) == 0 && argument[length] == '='
               ? argument + length + 1
               : nullptr;
}

session::Gate* map_gate(const char* path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return nullptr;
    void* memory = mmap(nullptr, sizeof(session::Gate), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory == MAP_FAILED)
        return nullptr;
    auto* mapped = static_cast<session::Gate*>(memory);
    bool ours = mapped->magic == session::Gate::expected_magic
                && mapped->version == session::Gate::expected_version;
    return ours ? mapped : nullptr;
}

} // namespace

extern "C" __attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*, int argc, char** argv) {
    for (int i = 0; i < argc; i++) {
        if (const char* path = value_of(argv[i], "shm"))
            gate = map_gate(path);
        else if (const char* address = value_of(argv[i], "address"))
            gate_address = std::strtoull(address, nullptr, 0);
        else if (const char* fd = value_of(argv[i], "notify"))
            notify = std::atoi(fd);
    }
    if (gate == nullptr || gate_address == 0) {
        std::fprintf(stderr, "gate: needs shm=PATH of a Gate of version %u, and address=0x…\n",
                     session::Gate::expected_version);
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
