// SPDX-License-Identifier: BSD-2-Clause
// The simulated interrupt controller. Stricter than QEMU's, as the PLIC's specification is: the
// completion of a line that is not enabled for this hart is ignored (and the line is dead from then
// on), and what a driver must never do ends the machine with a sentence.
#include "arch/upcalls.hpp"
#include "simulation.hpp"

namespace arch {

namespace host {

namespace {

struct Line {
    bool pending = false;
    bool enabled = false;
    bool claimed = false;
    unsigned hart = 0;
    unsigned claimed_by = 0;
    unsigned priority = 0;
};

Line lines[max_lines];
unsigned thresholds[max_harts] = {};

bool deliverable(const Line& line, unsigned hart) {
    return line.pending && !line.claimed && line.enabled && line.hart == hart
           && line.priority > thresholds[hart];
}

Line& line_at(u32 number) {
    if (number == 0 || number >= max_lines)
        on_fault("the PLIC has no such line");
    return lines[number];
}

/// The most urgent line for a hart, the lowest number among equals; 0 if there is none.
u32 most_urgent(unsigned hart) {
    u32 best = 0;
    for (u32 number = 1; number < max_lines; number++)
        if (deliverable(lines[number], hart)
            && (best == 0 || lines[number].priority > lines[best].priority))
            best = number;
    return best;
}

} // namespace

void raise_line(u32 line) {
    line_at(line).pending = true;
}

bool plic_pending(unsigned hart) {
    return most_urgent(hart) != 0;
}

} // namespace host

u32 line_claim() {
    unsigned hart = host::running_hart();
    u32 number = host::most_urgent(hart);
    if (number != 0) {
        host::Line& line = host::lines[number];
        line.pending = false;
        line.claimed = true;
        line.claimed_by = hart;
    }
    return number;
}

void line_complete(u32 number) {
    host::Line& line = host::line_at(number);
    if (!line.claimed)
        on_fault("a line is completed that is not claimed");
    if (line.claimed_by != host::running_hart())
        on_fault("a line is completed on another hart than the one that claimed it");
    if (line.enabled) // else the completion is lost
        line.claimed = false;
}

void line_enable(u32 number, unsigned hart, unsigned priority, bool enabled) {
    host::Line& line = host::line_at(number);
    if (!enabled && line.claimed)
        on_fault("a claimed line is disabled: its completion would be lost");
    line.enabled = enabled;
    line.hart = hart;
    line.priority = priority;
}

void line_threshold(unsigned priority) {
    host::thresholds[host::running_hart()] = priority;
}

bool find_device(const char*, unsigned, Device&) {
    return false;
}

} // namespace arch
