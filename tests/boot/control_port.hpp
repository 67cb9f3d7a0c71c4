// SPDX-License-Identifier: BSD-2-Clause
// The host's end of the kernel's control port (trace/control.hpp): a socket that QEMU connects to.
#pragma once

#include "boot/listener.hpp"

#include "lib/types.hpp"

#include <string>
#include <vector>

namespace boot_test {

using Bytes = std::vector<u8>;

/// A command as it goes over the port.
[[nodiscard]] Bytes frame(u8 command, const Bytes& payload = {});

class ControlPort {
public:
    ControlPort() = default;
    ~ControlPort();
    ControlPort(const ControlPort&) = delete;
    ControlPort& operator=(const ControlPort&) = delete;

    /// QEMU's options that connect it.
    [[nodiscard]] std::vector<std::string> options() const;
    /// Waits until QEMU has connected. False if it never does.
    [[nodiscard]] bool accept();
    /// False if the other end is gone.
    bool send(const Bytes& bytes);
    /// The next answer's verdict (trace::Answer), or -1 if the other end is gone.
    int answer();

private:
    Listener listener_;
    int connection_ = -1;
};

} // namespace boot_test
