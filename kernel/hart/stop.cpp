// SPDX-License-Identifier: BSD-2-Clause
#include "hart/stop.hpp"

#include "hart/hart.hpp"
#include "hart/panic.hpp"

namespace hart {

namespace {

enum Phase : u32 { none, stopped, going_on };
constinit Cell<u32> phase;    // of the stop that there is
constinit Cell<u32> standing; // harts that stand still
void (*the_story)() = nullptr;

} // namespace

void stop_machine(void (*fn)()) {
    ASSERT(!arch::irq_enabled());
    ASSERT(arch::current().spin_depth == 0);

    while (!phase.take(none, stopped)) {
        if ((self().owed.peek() & owed_stand) != 0)
            stand_still(); // the other hart was first
        arch::relax();
    }
    for (unsigned other = 0; other < hart_count; other++) {
        if (other == here())
            continue;
        harts[other].owed.set_bits(owed_stand);
        arch::send_ipi(other);
    }
    while (standing.get() != hart_count - 1)
        arch::relax();
    fn();
    phase.publish(going_on);
    while (standing.get() != 0)
        arch::relax();
    phase.publish(none); // only now may there be another: nobody takes two stops for one
}

void stand_still() {
    self().owed.clear_bits(owed_stand);
    standing.add(1);
    while (phase.get() == stopped)
        arch::relax();
    standing.add(~u32{0});
}

void set_story(void (*story)()) {
    the_story = story;
}

void tell_story() {
    self().owed.clear_bits(owed_story);
    if (the_story != nullptr)
        stop_machine(the_story);
}

} // namespace hart
