// SPDX-License-Identifier: BSD-2-Clause
// The console: a line typed at the serial port is a command for the monitor.
//
//   uart0's handler ──bytes──▶ ring ──softint──▶ condition ──▶ LWP "console": monitor::execute()
//
// Read next: monitor.hpp, dev/uart.hpp
#pragma once

namespace monitor {

/// Starts the port's driver and the console's LWP. False if there is no port. Start-up, once.
[[nodiscard]] bool start_console();

} // namespace monitor
