// SPDX-License-Identifier: BSD-2-Clause
// race case=console: one hart prints while another's port listens to itself. Not one byte of either
// may end with the other.
//
// Where the printed lines arrive only the reader of the console can tell (tests/boot/boot_test).
// The simulated machine prints past its port: nothing to see there.
#include "scenario/race.hpp"

#include "dev/uart.hpp"
#include "hart/print.hpp"

namespace scenario {

namespace {

constexpr u32 bytes = times(2000, 5), lines = times(200, 2);

constinit hart::Cell<u32> received;

void count(u8) {
    received.add(1);
}

void send_to_yourself() {
    for (u32 i = 0; i < bytes; i++) {
        dev::uart.loop('x');
        while (received.get() <= i)
            arch::relax();
    }
}

void print_lines() {
    for (u32 i = 0; i < lines; i++) {
        lib::Line line;
        line.add("console: line ", i, " of ", lines, ", and no byte of it is lost");
        hart::print(line);
    }
}

} // namespace

void race_console() {
    dev::uart.set_receiver(count);
    play_together({{"sender", 0, send_to_yourself}, {"printer", 1, print_lines}});
    dev::uart.set_receiver(nullptr);
    check("each byte came back", received.get() == bytes, received.get());
}

} // namespace scenario
