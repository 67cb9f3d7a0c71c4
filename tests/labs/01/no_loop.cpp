// SPDX-License-Identifier: BSD-2-Clause
// Takes one byte for each interrupt, and is interrupted again for every other.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
    if (!data_ready())
        return irq::Served::no;
    enable_interrupts(false);
    received(take_byte());
    enable_interrupts(true);
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
