// SPDX-License-Identifier: BSD-2-Clause
// A right answer with a race in it: a reader of its own takes over what the handler has counted.
// If the handler runs between its load and its store, what it has counted is lost. It never does in
// a run that QEMU makes; the race finder lets time pass right there.
#include "port.hpp"

#include "callout/pause.hpp"
#include "hart/cell.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"

namespace lab {

namespace {

hart::Cell<u32> waiting; // bytes that nobody has taken over yet
u32 arrived = 0, taken = 0;

irq::Served handle(void*) {
    if (!data_ready())
        return irq::Served::no;
    enable_interrupts(false);
    while (data_ready()) {
        received(take_byte());
        arrived++;
        waiting.set(waiting.get() + 1);
    }
    enable_interrupts(true);
    return irq::Served::yes;
}

void read(void*) {
    while (true) {
        taken += waiting.get();
        waiting.set(0);
        u64 saved = arch::irq_save();
        ASSERT(taken + waiting.get() == arrived);
        arch::irq_restore(saved);
        callout::pause(1);
    }
}

irq::Handler handler{
    .name = "uart0",
    .line = {},
    .level = hart::ipl::serial,
    .function = handle,
};

} // namespace

void attach() {
    handler.line = port_line();
    irq::attach(handler);
    sched::spawn({.name = "reader", .priority = sched::user_priority, .home = hart::hart_id(0)},
                 read, nullptr);
}

} // namespace lab
