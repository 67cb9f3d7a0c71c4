// SPDX-License-Identifier: BSD-2-Clause
#include "platform.hpp"

#include "plic.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace arch {

constinit Platform platform;

namespace {

using boot::Node;
using boot::Property;

constexpr u32 supervisor_external = 9;

/// Extensions in an ISA string are separated by '_'.
bool has_extension(std::string_view isa, std::string_view wanted) {
    while (!isa.empty()) {
        usize end = isa.find('_');
        if (isa.substr(0, end) == wanted)
            return true;
        if (end == std::string_view::npos)
            return false;
        isa.remove_prefix(end + 1);
    }
    return false;
}

/// A cpu node. The phandle of its interrupt controller comes in the node after it.
void add_hart(const Node& cpu) {
    std::string_view status = cpu.property("status").text();
    if (platform.hart_count == max_harts || (!status.empty() && status != "okay"))
        return;
    platform.has_sstc = has_extension(cpu.property("riscv,isa").text(), "sstc");
    platform.harts[platform.hart_count++].id = cpu.address();
}

/// The boot hart first, the others by id, whatever order the tree has.
void sort_harts(u64 boot_hart_id) {
    auto before = [&](const Platform::Hart& a, const Platform::Hart& b) {
        if ((a.id == boot_hart_id) != (b.id == boot_hart_id))
            return a.id == boot_hart_id;
        return a.id < b.id;
    };
    for (unsigned i = 1; i < platform.hart_count; i++) {
        for (unsigned j = i; j > 0 && before(platform.harts[j], platform.harts[j - 1]); j--)
            std::swap(platform.harts[j], platform.harts[j - 1]);
    }
}

/// `interrupts-extended` of the PLIC lists its contexts: pairs of a hart's controller and a cause.
void find_contexts(const Property& contexts) {
    for (u32 pair = 0; pair + 1 < contexts.cells(); pair += 2) {
        if (contexts.cell(pair + 1) != supervisor_external)
            continue;
        for (Platform::Hart& hart : platform.harts) {
            if (hart.intc == contexts.cell(pair))
                hart.plic_context = pair / 2;
        }
    }
}

/// Of the PLIC: its lines, and number 0, which is none.
u32 lines_of(const Node& plic) {
    return std::min(plic.property("riscv,ndev").cell(0) + 1, most_lines);
}

void visit(const Node& node) {
    std::string_view name = node.name();
    if (name == "chosen")
        platform.arguments = node.property("bootargs").text();
    else if (name == "cpus")
        platform.timebase = node.property("timebase-frequency").cell(0);
    else if (std::string_view(node.property("device_type").text()) == "cpu")
        add_hart(node);
    else if (node.is_compatible("riscv,cpu-intc") && platform.hart_count != 0)
        platform.harts[platform.hart_count - 1].intc = node.property("phandle").cell(0);
    else if (std::string_view(node.property("device_type").text()) == "memory")
        platform.memory_end = node.address() + node.size();
    else if (node.is_compatible("riscv,plic0") || node.is_compatible("sifive,plic-1.0.0")) {
        platform.plic = node.address();
        platform.line_count = lines_of(node);
    } else if (node.is_compatible("ns16550a") && platform.console == 0)
        platform.console = node.address();
    else if (node.is_compatible("sifive,test0"))
        platform.finisher = node.address();
}

} // namespace

bool discover(u64 boot_hart_id, const void* tree) {
    platform.tree = boot::DeviceTree(tree);
    platform.tree.for_each(visit);
    sort_harts(boot_hart_id);
    platform.tree.for_each([&](const Node& node) {
        if (node.address() == platform.plic)
            find_contexts(node.property("interrupts-extended"));
    });
    return platform.timebase != 0 && platform.hart_count != 0 && platform.plic != 0
           && platform.harts[0].id == boot_hart_id;
}

const char* boot_arguments() {
    return platform.arguments;
}

bool find_device(const char* compatible, unsigned index, Device& device) {
    bool found = false;
    unsigned seen = 0;
    platform.tree.for_each([&](const Node& node) {
        if (!node.is_compatible(compatible) || seen++ != index)
            return;
        device = {.base = node.address(), .size = node.size(), .line = node.line()};
        found = true;
    });
    return found;
}

} // namespace arch
