// SPDX-License-Identifier: BSD-2-Clause
// The platform-level interrupt controller, and a checker for its protocol.
//
// QEMU's model forgives what real hardware punishes: it accepts a completion from another hart's
// context and of a disabled line, which real hardware drops, so that the line is dead ever after.
// Therefore the driver keeps its own record of who claimed what, and stops the kernel at the first
// mistake:
//
//   line_complete   of a line that this hart has not claimed, or that is disabled
//   line_enable     that disables a line while it is claimed
//
// Another quirk, of which a comment below reminds: writing an enable bit does not make the model
// look for pending lines again; writing a threshold does.
#include "arch/current.hpp"
#include "arch/upcalls.hpp"
#include "platform.hpp"

namespace arch {

namespace {

constexpr usize max_lines = 1024; // of the PLIC's address map
constexpr u8 nobody = 0xff;

struct LineState {
    u8 claimed_by = nobody;
    u8 enabled_on = nobody;
};
constinit LineState lines[max_lines];

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
    unsigned hart = current().hart;
    u32 line = claim_of(context_of(hart));
    if (line != 0)
        lines[line % max_lines].claimed_by = static_cast<u8>(hart);
    return line;
}

void line_complete(u32 line) {
    unsigned hart = current().hart;
    LineState& state = lines[line % max_lines];
    if (state.claimed_by != hart)
        on_fault("PLIC: completion of a line that this hart has not claimed");
    if (state.enabled_on != hart)
        on_fault("PLIC: completion of a line that is disabled on this hart");
    state.claimed_by = nobody;
    claim_of(context_of(hart)) = line;
}

void line_enable(u32 line, unsigned hart, unsigned priority, bool enabled) {
    LineState& state = lines[line % max_lines];
    if (line == 0 || line >= platform.line_count)
        on_fault("PLIC: there is no such line");
    if (state.claimed_by != nobody)
        on_fault("PLIC: a line is routed anew or disabled while it is claimed");

    u32 bit = u32{1} << line % 32;
    if (state.enabled_on != nobody) {
        volatile u32& before = enable_word(context_of(state.enabled_on), line);
        before = before & ~bit;
    }
    priority_of(line) = enabled ? priority : 0;
    state.enabled_on = enabled ? static_cast<u8>(hart) : nobody;
    if (enabled) {
        volatile u32& now = enable_word(context_of(hart), line);
        now = now | bit;
    }
    volatile u32& threshold = threshold_of(context_of(hart));
    threshold = threshold; // a line that is pending already interrupts now
}

void line_threshold(unsigned priority) {
    threshold_of(context_of(current().hart)) = priority;
}

} // namespace arch
