// SPDX-License-Identifier: BSD-2-Clause
#include "trap.hpp"

#include "arch/upcalls.hpp"
#include "csr.hpp"
#include "lib/hex.hpp"
#include "lib/line.hpp"
#include "platform.hpp"

extern "C" const char trap_vector[]; // entry.S

namespace arch {

namespace {

constexpr usize emergency_size = 8192;
struct alignas(16) EmergencyStack {
    char bytes[emergency_size];
};
EmergencyStack emergency_stacks[max_harts];

const char* name_of(u64 cause) {
    constexpr const char* names[] = {"instruction address misaligned",
                                     "instruction access fault",
                                     "illegal instruction",
                                     "breakpoint",
                                     "load address misaligned",
                                     "load access fault",
                                     "store address misaligned",
                                     "store access fault",
                                     "call from user mode",
                                     "call from supervisor mode",
                                     "reserved exception",
                                     "call from machine mode",
                                     "instruction page fault",
                                     "load page fault",
                                     "reserved exception",
                                     "store page fault"};
    return cause < sizeof names / sizeof *names ? names[cause] : "unexpected trap";
}

void print(const lib::Line& line) {
    console_write(line.text(), line.size());
    console_write("\n", 1);
}

void print_registers(const ExceptionFrame& frame) {
    constexpr const char* names[31] = {"ra", "sp",  "gp",  "tp", "t0", "t1", "t2", "s0",
                                       "s1", "a0",  "a1",  "a2", "a3", "a4", "a5", "a6",
                                       "a7", "s2",  "s3",  "s4", "s5", "s6", "s7", "s8",
                                       "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    constexpr unsigned columns = 4;
    constexpr unsigned width = 24;
    for (unsigned row = 0; row * columns < 31; row++) {
        lib::Line line;
        for (unsigned i = row * columns; i < 31 && i < (row + 1) * columns; i++) {
            line.pad_to(i % columns * width);
            line.add("  ", names[i], " ", lib::Hex(frame.x[i]).text());
        }
        print(line);
    }
}

} // namespace

void init_traps(unsigned hart) {
    constexpr u64 vectored = 1;
    csr::sscratch::write(reinterpret_cast<u64>(&emergency_stacks[hart] + 1));
    csr::stvec::write(reinterpret_cast<u64>(trap_vector) | vectored);
}

extern "C" [[noreturn]] void exception(const ExceptionFrame& frame) {
    print_registers(frame);
    lib::Line what;
    what.add(name_of(frame.cause), " at pc ", lib::Hex(frame.pc).text(), ", address ",
             lib::Hex(frame.value).text());
    on_fault(what.text());
}

extern "C" [[noreturn]] void exception_in_exception() {
    constexpr const char message[] = "exception while reporting an exception\n";
    console_write(message, sizeof message - 1);
    halt(1);
}

} // namespace arch
