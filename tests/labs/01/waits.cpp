// SPDX-License-Identifier: BSD-2-Clause
// Waits for a condition in the handler, which may wait for locks and for nothing else.
#include "port.hpp"

#include "sync/condition.hpp"

namespace lab {

namespace {

sync::Mutex mutex;
sync::Condition more_bytes;

irq::Served handle(void*) {
    sync::MutexGuard guard(mutex);
    while (data_ready())
        received(take_byte());
    more_bytes.wait(mutex);
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
    mutex.init("bytes");
    more_bytes.init("more bytes");
    handler.line = port_line();
    irq::attach(handler);
}

} // namespace lab
