// SPDX-License-Identifier: BSD-2-Clause
// Right but for its level: disks wait, serial ports lose bytes.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
    if (!data_ready())
        return irq::Served::no;
    enable_interrupts(false);
    while (data_ready())
        received(take_byte());
    enable_interrupts(true);
    return irq::Served::yes;
}

irq::Handler handler{
    .name = "uart0",
    .line = {},
    .level = hart::ipl::bio,
    .function = handle,
};

} // namespace

void attach() {
    handler.line = port_line();
    irq::attach(handler);
}

} // namespace lab
