// SPDX-License-Identifier: BSD-2-Clause
#include "irq/controller.hpp"

#include "arch/machine.hpp"
#include "hart/hart.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "irq/line.hpp"
#include "sched/lwp.hpp"

namespace irq::controller {

namespace {

constexpr u8 nobody = 0xff;

struct Record {
    u8 enabled_on = nobody;
    u8 claimed_by = nobody; // (1)
    sched::LwpId claimer{}; // who ran there when it was claimed
};
constinit Record records[max_lines] = {};

Record& record_of(u32 line) {
    if (line == 0 || line >= max_lines)
        hart::panic("PLIC: there is no line ", line);
    return records[line];
}

void add_hart(lib::Line& text, u8 hart) {
    if (hart == nobody)
        text.add("no hart");
    else
        text.add("hart ", hart);
}

/// Names the line, who does it, and what the record says of those before.
[[noreturn]] void mistake(u32 line, const char* what) {
    const Record& record = records[line];
    lib::Line text;
    text.add("PLIC: line ", line, " (", name_of_line(line), ") ", what, " by hart ", hart::here(),
             "; it is enabled for ");
    add_hart(text, record.enabled_on);
    text.add(", claimed by ");
    add_hart(text, record.claimed_by);
    if (record.claimer != sched::LwpId::none)
        text.add(record.claimed_by == nobody ? ", last while " : " while ",
                 sched::lwp(static_cast<unsigned>(record.claimer)).name, " ran");
    hart::panic("", text);
}

/// A line that the firmware has left enabled, or a switch that nobody has thrown: nobody has ever
/// attached a handler. It is completed first, because a completion after the disable would be lost.
void refuse(u32 line) {
    hart::report(trace::ReportKind::storm, "line ", line, " interrupts hart ", hart::here(),
                 ", although no handler was ever attached to it: it is disabled");
    arch::line_complete(line);
    arch::line_enable(line, hart::here(), 0, false);
}

} // namespace

u32 claim() {
    u32 line = arch::line_claim();
    while (line != 0 && record_of(line).enabled_on == nobody) {
        refuse(line);
        line = arch::line_claim();
    }
    if (line == 0)
        return 0;
    Record& record = record_of(line);
    if (record.claimed_by != nobody)
        mistake(line, "is claimed although it is claimed,");
    if (record.enabled_on != hart::here())
        mistake(line, "is claimed although it is not enabled there,");
    record.claimed_by = static_cast<u8>(hart::here()); // (1)
    record.claimer = static_cast<sched::LwpId>(arch::current().id);
    return line;
}

void complete(u32 line) {
    Record& record = record_of(line);
    if (record.claimed_by == nobody)
        mistake(line, "is completed although nobody has claimed it,");
    if (record.claimed_by != hart::here())
        mistake(line, "is completed, which another hart has claimed,");
    if (record.enabled_on != hart::here())
        mistake(line, "is completed while it is disabled there: the completion would be lost,");
    record.claimed_by = nobody; // (1)
    arch::line_complete(line);
}

void enable(u32 line, unsigned hart, unsigned priority) {
    Record& record = record_of(line);
    if (record.claimed_by != nobody)
        mistake(line, "is routed anew while it is claimed: the completion would be lost,");
    if (record.enabled_on != nobody && record.enabled_on != hart)
        arch::line_enable(line, record.enabled_on, priority, false);
    record.enabled_on = static_cast<u8>(hart);
    arch::line_enable(line, hart, priority, true);
}

void disable(u32 line) {
    Record& record = record_of(line);
    if (record.claimed_by != nobody)
        mistake(line, "is disabled while it is claimed: the completion would be lost,");
    if (record.enabled_on == nobody)
        return;
    arch::line_enable(line, record.enabled_on, 0, false);
    record.enabled_on = nobody;
}

bool claimed(u32 line) {
    return record_of(line).claimed_by != nobody;
}

} // namespace irq::controller
