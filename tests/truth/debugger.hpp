// SPDX-License-Identifier: BSD-2-Clause
// As much of gdb's remote protocol as it takes to stop a machine anywhere, look, and let it go on.
//
// Rules
//   - Memory and registers only while the machine is stopped.
//   - Every wait is bounded; a machine that does not answer throws.
#pragma once

#include "session/descriptor.hpp"

#include <string>

namespace truth {

class Debugger {
public:
    explicit Debugger(session::Descriptor socket);

    /// Asks the machine to stop, wherever it is; stopped() waits until it has.
    void interrupt();
    void wait_until_stopped();
    void resume() { send("c"); }
    /// One instruction of this hart, or a few of all. It must not be waiting for an interrupt: the
    /// stub keeps the timers still meanwhile.
    void step(unsigned hart);

    [[nodiscard]] std::string memory(u64 address, usize size);
    template <class T> [[nodiscard]] T read(u64 address) {
        std::string bytes = memory(address, sizeof(T));
        T value;
        __builtin_memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    /// A register of a hart (0, 1, …) by the stub's number: 4 is tp, 32 is pc.
    [[nodiscard]] u64 machine_register(unsigned hart, unsigned number);
    /// The number of a control and status register, from the stub's own description.
    [[nodiscard]] unsigned number_of(const std::string& csr);

private:
    void send(const std::string& packet);
    std::string receive();
    char next_byte();
    std::string ask(const std::string& packet) {
        send(packet);
        return receive();
    }

    session::Descriptor socket_;
    std::string bytes_;
    usize at_ = 0;
    std::string registers_; // description of the CSRs
};

} // namespace truth
