// SPDX-License-Identifier: BSD-2-Clause
// Hands on the same byte for ever.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
    u8 byte = take_byte();
    while (true)
        received(byte);
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
