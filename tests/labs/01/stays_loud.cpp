// SPDX-License-Identifier: BSD-2-Clause
// Leaves the port's interrupts on while it empties the FIFO: the PLIC remembers one too many.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
    if (!data_ready())
        return irq::Served::no;
    while (data_ready())
        received(take_byte());
    return irq::Served::yes;
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
}

} // namespace lab
