// SPDX-License-Identifier: BSD-2-Clause
// Says that it was its interrupt, and leaves the bytes where they are.
#include "port.hpp"

namespace lab {

namespace {

irq::Served handle(void*) {
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
