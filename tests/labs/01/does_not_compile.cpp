// SPDX-License-Identifier: BSD-2-Clause
// A slip of the pen.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
    while (data_redy())
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
