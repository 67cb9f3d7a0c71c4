// SPDX-License-Identifier: BSD-2-Clause
#include "mmu.hpp"

#include "arch/machine.hpp"
#include "csr.hpp"

// kernel.ld
extern "C" char kernel_begin[], text_end[], constants_end[], kernel_end[];

namespace arch {

namespace {

constexpr usize entries = 512;
constexpr u64 megapage = entries * page_size;
constexpr u64 gigapage = entries * megapage;

// Accessed and dirty are set from the start: hardware may trap instead of setting them.
constexpr u64 valid = 1, read = 2, write = 4, execute = 8, global = 32, accessed = 64, dirty = 128;
constexpr u64 constants = valid | read | global | accessed;
constexpr u64 code = constants | execute;
constexpr u64 data = constants | write | dirty;

struct alignas(page_size) Table {
    u64 entry[entries];
};

constexpr usize kernel_tables = 8; // 16 MiB; kernel.ld asserts that it is enough

Table root;
Table devices; // the first GiB
Table lowest;  // the first 2 MiB of it
Table memory;  // the GiB of memory that the kernel is in
Table kernel[kernel_tables];

u64 address(const void* at) {
    return reinterpret_cast<u64>(at);
}
u64 leaf(u64 to, u64 flags) {
    return to >> 12 << 10 | flags;
}
u64 table(const Table& next) {
    return leaf(address(&next), valid);
}

u64 flags_of_kernel_page(u64 at) {
    if (at < address(text_end))
        return code;
    return at < address(constants_end) ? constants : data;
}

/// The entry that maps a page of the kernel image.
u64& kernel_entry(u64 at) {
    u64 page = (at - address(kernel_begin)) / page_size;
    return kernel[page / entries].entry[page % entries];
}

} // namespace

void build_address_space(u64 memory_end) {
    u64 base = address(kernel_begin) / gigapage * gigapage;
    root.entry[0] = table(devices);
    root.entry[base / gigapage] = table(memory);

    devices.entry[0] = table(lowest);
    for (usize i = 1; i < entries; i++) {
        devices.entry[i] = leaf(i * megapage, data);
        lowest.entry[i] = leaf(i * page_size, data);
    }

    u64 first = (address(kernel_begin) - base) / megapage;
    u64 behind = (address(kernel_end) - base + megapage - 1) / megapage;
    for (u64 i = first; i < entries && base + i * megapage < memory_end; i++)
        memory.entry[i] = i < behind ? table(kernel[i - first]) : leaf(base + i * megapage, data);
    for (u64 at = address(kernel_begin); at < base + behind * megapage; at += page_size)
        kernel_entry(at) = leaf(at, flags_of_kernel_page(at));
}

void enter_address_space() {
    constexpr u64 sv39 = u64{8} << 60;
    asm volatile("sfence.vma" ::: "memory");
    csr::satp::write(sv39 | address(&root) >> 12);
    asm volatile("sfence.vma" ::: "memory");
}

void guard_page(void* page) {
    kernel_entry(address(page)) = 0;
    asm volatile("sfence.vma" ::: "memory");
}

} // namespace arch
