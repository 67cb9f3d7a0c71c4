// SPDX-License-Identifier: BSD-2-Clause
// As much of gdb's remote protocol as it takes to stop a machine anywhere, look, and let it go on.
//
// Rules
//   - Registers only while the machine is stopped. (Memory is a file, see session/machine.hpp.)
//   - Every wait is bounded; a machine that does not answer throws.
#pragma once

#include "session/descriptor.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace truth {

class Debugger {
public:
    explicit Debugger(session::Descriptor socket);

    /// Asks the machine to stop, wherever it is; stopped() waits until it has.
    void interrupt();
    /// False if it has ended instead.
    bool wait_until_stopped();
    [[nodiscard]] bool machine_ended() const { return ended_; }
    void resume() { send("c"); }
    /// Goes on if the stub has stopped the machine though nobody asked. (QEMU 7.2 did so at the
    /// first instruction, once in some hundred starts on a busy host; why is not known.)
    void resume_if_stopped();
    /// One instruction of the machine's only hart, which must not be waiting for an interrupt: the
    /// stub keeps the timers still meanwhile. (With several harts, QEMU 7.2 does not reliably come
    /// back from this under -icount.)
    void step(unsigned hart);
    /// Goes on until a hart is about to execute an instruction at one of these addresses, where
    /// none is now. False if the machine ends before.
    bool run_to(const std::vector<u64>& addresses);

    /// A register of a hart (0, 1, …) by the stub's number: 4 is tp, 32 is pc.
    [[nodiscard]] u64 machine_register(unsigned hart, unsigned number);
    /// The number of a control and status register, from the stub's own description.
    [[nodiscard]] unsigned number_of(const std::string& csr);

private:
    struct Ended : std::runtime_error {
        using runtime_error::runtime_error;
    };
    void send(const std::string& packet);
    std::string receive();
    bool take_in();
    char next_byte();
    bool has_packet();
    std::string ask(const std::string& packet) {
        send(packet);
        return receive();
    }

    session::Descriptor socket_;
    std::string bytes_;
    usize at_ = 0;
    std::string registers_; // description of the CSRs
    bool ended_ = false;
};

} // namespace truth
