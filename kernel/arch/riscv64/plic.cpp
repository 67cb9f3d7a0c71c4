// SPDX-License-Identifier: BSD-2-Clause
// The platform-level interrupt controller: its registers and nothing else. Who may do what to which
// line, and when, is checked by irq/controller.cpp.
//
// Which lines reach a hart is kept in memory, too, for two reasons. Each hart may enable lines for
// another one, and disables its own, under no common lock; so that has a lock here. And a hart that
// is being started comes through the firmware, which clears its enable words (OpenSBI's
// plic_warm_irqchip_init): what others have enabled for it by then, it writes once more itself.
//
// A quirk of QEMU's model: writing an enable bit does not make it look for pending lines again;
// writing a priority does, so that comes after.
#include "plic.hpp"
#include "arch/current.hpp"
#include "arch/upcalls.hpp"
#include "device_lock.hpp"
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

constinit DeviceLock enable_words;

class EnableGuard {
public:
    EnableGuard()
        : saved_(irq_save()) {
        enable_words.claim();
    }
    ~EnableGuard() {
        enable_words.release();
        irq_restore(saved_);
    }
    EnableGuard(const EnableGuard&) = delete;
    EnableGuard& operator=(const EnableGuard&) = delete;

private:
    u64 saved_;
};

constinit u32 enabled_lines[max_harts][most_lines / 32] = {}; // EnableGuard

void let_through(u32 line, unsigned hart, bool enabled) {
    EnableGuard guard;
    u32 bit = u32{1} << line % 32;
    u32& lines = enabled_lines[hart][line / 32];
    lines = enabled ? lines | bit : lines & ~bit;
    enable_word(context_of(hart), line) = lines;
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
    let_through(line, hart, enabled);
    priority_of(line) = enabled ? priority : 0; // a line that is pending already interrupts now
}

void restore_lines(unsigned hart) {
    EnableGuard guard;
    for (u32 line = 0; line < platform.line_count; line += 32)
        enable_word(context_of(hart), line) = enabled_lines[hart][line / 32];
}

void line_threshold(unsigned priority) {
    threshold_of(context_of(current().hart)) = priority;
}

} // namespace arch
