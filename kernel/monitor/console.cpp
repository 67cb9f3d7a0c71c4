// SPDX-License-Identifier: BSD-2-Clause
#include "monitor/console.hpp"

#include "dev/uart.hpp"
#include "irq/softint.hpp"
#include "monitor/monitor.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

namespace monitor {

namespace {

constexpr u32 ring_size = 64;
constexpr usize longest_command = 40;

// One writer, the handler; one reader, the console's LWP. What comes when the ring is full is lost,
// as at any terminal whose reader is too slow.
u8 ring[ring_size];
constinit hart::Cell<u32> written, read;

sync::Mutex mutex;
sync::Condition typed;
irq::Softint deliver;

/// In the handler of the port.
void on_typed(u8 byte) {
    u32 at = written.peek();
    if (at - read.get() == ring_size)
        return;
    ring[at % ring_size] = byte;
    written.publish(at + 1);
    deliver.schedule();
}

/// In the softint LWP, which may enter a mutex.
void wake_console(void*) {
    sync::MutexGuard guard(mutex);
    typed.signal();
}

u8 next_byte() {
    u32 at = read.peek();
    {
        sync::MutexGuard guard(mutex);
        while (written.get() == at)
            typed.wait(mutex);
    }
    u8 byte = ring[at % ring_size];
    read.publish(at + 1);
    return byte;
}

void print(const lib::Line& line) {
    dev::uart.write(line.text(), line.size());
    dev::uart.write("\r\n", 2);
}

/// Reads up to the end of a line, echoing, and lets the person correct it.
void read_line(char (&line)[longest_command + 1]) {
    constexpr u8 backspace = 8, delete_key = 127;
    usize size = 0;
    for (;;) {
        u8 byte = next_byte();
        if (byte == '\r' || byte == '\n')
            break;
        if (byte == backspace || byte == delete_key) {
            if (size > 0) {
                size--;
                dev::uart.write("\b \b", 3);
            }
        } else if (byte >= ' ' && byte < delete_key && size < longest_command) {
            line[size++] = static_cast<char>(byte);
            dev::uart.write(&line[size - 1], 1);
        }
    }
    line[size] = 0;
    dev::uart.write("\r\n", 2);
}

void serve(void*) {
    for (;;) {
        char line[longest_command + 1];
        read_line(line);
        if (line[0] != 0)
            execute(line, print);
    }
}

} // namespace

bool start_console() {
    if (!dev::uart.start(0))
        return false;
    mutex.init("console", hart::ipl::softserial); // its highest user is wake_console()
    typed.init("console input");
    deliver.establish("console", hart::ipl::softserial, wake_console, nullptr);
    dev::uart.set_listener(on_typed);
    sched::spawn({.name = "console", .priority = sched::realtime_priority}, serve, nullptr);
    return true;
}

} // namespace monitor
