// SPDX-License-Identifier: BSD-2-Clause
// From the first instruction of C++ to kmain, the start of the other harts, and what harts do to
// one another.
#include "arch/current.hpp"
#include "arch/machine.hpp"
#include "arch/upcalls.hpp"
#include "csr.hpp"
#include "mmu.hpp"
#include "platform.hpp"
#include "plic.hpp"
#include "sbi.hpp"
#include "start.hpp"
#include "trap.hpp"

extern "C" const char secondary_start[]; // boot.S
extern "C" char boot_guard[];

namespace arch {

extern "C" Start start_blocks[max_harts];
extern "C" Current boot_current;

constinit Start start_blocks[max_harts] = {};
constinit Current boot_current = {};

namespace {

void prepare_hart(unsigned hart) {
    enter_address_space();
    init_traps(hart);
    set_deadline(~u64{0});
    csr::sie::write(csr::interrupt_software | csr::interrupt_timer | csr::interrupt_external);
    restore_lines(hart); // may have to relax(), which wakes up by what sie lets through
    line_threshold(0);
}

} // namespace

extern "C" [[noreturn]] void boot_hart_main(u64 hart_id, const void* tree) {
    if (!discover(hart_id, tree)) {
        constexpr const char message[] = "the device tree lacks harts, a timebase or a PLIC\n";
        console_write(message, sizeof message - 1);
        halt(1);
    }
    build_address_space(platform.memory_end);
    guard_page(boot_guard);
    prepare_hart(0);
    on_boot();
}

extern "C" [[noreturn]] void secondary_hart_main(const Start& start) {
    prepare_hart(static_cast<unsigned>(start.number));
    start.entry(start.argument);
    __builtin_unreachable();
}

unsigned hart_count() {
    return platform.hart_count;
}

void start_hart(unsigned hart, sched::Lwp* lwp, void* stack, usize size, Entry entry,
                void* argument) {
    Start& start = start_blocks[hart];
    start.hart_id = platform.harts[hart].id;
    start.lwp = lwp;
    start.stack = static_cast<char*>(stack) + size;
    start.number = hart;
    start.entry = entry;
    start.argument = argument;
    __atomic_store_n(&start.ready, 1, __ATOMIC_RELEASE);
    sbi::Result result = sbi::hart_start(start.hart_id, reinterpret_cast<u64>(secondary_start), 0);
    if (result.error != 0)
        on_fault("the firmware refuses to start a hart");
}

void send_ipi(unsigned hart) {
    sbi::send_ipi(1, platform.harts[hart].id);
}

void wait() {
    asm volatile("wfi" ::: "memory");
}

// One host thread runs all harts of a repeatable run (-icount) in turn, and gives each up to 100 ms
// of virtual time; a hart that spins would use up its turn while the one it waits for stands still.
// A wfi ends the turn. An interrupt that is already pending, our own, makes sure that it does no
// more than that; on_ipi() finds nothing to do then.
void relax() {
    u64 saved = irq_save();
    csr::sip::set(csr::interrupt_software);
    asm volatile("wfi" ::: "memory");
    irq_restore(saved);
}

void halt(u32 status) {
    constexpr u32 pass = 0x5555, fail = 0x3333;
    auto* finisher = reinterpret_cast<volatile u32*>(platform.finisher);
    if (finisher != nullptr)
        *finisher = status == 0 ? pass : status << 16 | fail;
    sbi::shut_down();
    for (;;)
        wait();
}

} // namespace arch
