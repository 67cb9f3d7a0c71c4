// SPDX-License-Identifier: BSD-2-Clause
// The platform-level interrupt controller: its registers and nothing else. Who may do what to which
// line, and when, is checked by irq/controller.cpp.
//
// A quirk of QEMU's model: writing an enable bit does not make it look for pending lines again;
// writing a threshold does.
#include "arch/current.hpp"
#include "arch/upcalls.hpp"
#include "platform.hpp"

namespace arch {

namespace {

volatile u32& at(u64 offset) {
    return *reinterpret_cast<volatile u32*>(platform.plic + offset);
}
u32 context_of(unsigned hart) {
    return platform.harts[hart].plic_context;
}
volatile u32& priority_of(u32 line) {
    return at(4 * u64{line});
}
volatile u32& enable_word(u32 context, u32 line) {
    return at(0x2000 + u64{0x80} * context + line / 32 * 4);
}
volatile u32& threshold_of(u32 context) {
    return at(0x200000 + u64{0x1000} * context);
}
volatile u32& claim_of(u32 context) {
    return at(0x200004 + u64{0x1000} * context);
}

} // namespace

u32 line_claim() {
    return claim_of(context_of(current().hart));
}

void line_complete(u32 line) {
    claim_of(context_of(current().hart)) = line;
}

void line_enable(u32 line, unsigned hart, unsigned priority, bool enabled) {
    if (line == 0 || line >= platform.line_count)
        on_fault("PLIC: there is no such line");
    u32 bit = u32{1} << line % 32;
    volatile u32& word = enable_word(context_of(hart), line);
    word = enabled ? word | bit : word & ~bit;
    priority_of(line) = enabled ? priority : 0;
    volatile u32& threshold = threshold_of(context_of(hart));
    threshold = threshold; // a line that is pending already interrupts now
}

void line_threshold(unsigned priority) {
    threshold_of(context_of(current().hart)) = priority;
}

} // namespace arch
