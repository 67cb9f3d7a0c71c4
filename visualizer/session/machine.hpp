// SPDX-License-Identifier: BSD-2-Clause
// One QEMU with one kernel in it, from power-on to its end.
//
//   guest memory   a shared file: read what the guest would read, also after QEMU has died
//   events         repeatable: a file that we read behind QEMU (tail.hpp). live: a socket, because
//                  there the kernel shall notice a slow reader, and drop
//   console        output in such a file, input from a pipe
//   gate           repeatable: see gate.hpp
//   monitor        a QMP socket: attaches the console, starts the machine, stops it where there is
//                  no gate
//   debugger       optional: gdb's remote protocol on a socket
//
// Rules
//   - Everything is inherited by number (descriptor.hpp); nothing has a path.
//   - Start it from a thread that lives as long as the machine (child.hpp).
// Invariants
//   (1) With the gate and nothing typed, the guest's course does not depend on when we do what.
// Read next: session.cpp
#pragma once

#include "session/child.hpp"
#include "session/gatekeeper.hpp"
#include "session/image.hpp"
#include "session/inbox.hpp"
#include "session/tail.hpp"

#include <memory>
#include <span>

namespace session {

struct MachineOptions {
    std::string qemu = "qemu-system-riscv64";
    std::filesystem::path gate_plugin; // empty: no gate
    std::string arguments;             // boot parameters
    unsigned harts = 1;
    bool live = false;
    bool debugger = false;
    u64 granted = Gatekeeper::unlimited; // events, if there is a gate
};

class Machine {
public:
    /// Throws NotFound, or std::runtime_error with a sentence.
    Machine(const Image& image, const MachineOptions& options);

    [[nodiscard]] Child& process() { return *process_; }
    [[nodiscard]] const std::vector<std::string>& command() const { return command_; }
    /// The gate, or nullptr.
    [[nodiscard]] Gatekeeper* gate() { return gate_.get(); }

    /// Bytes of the event stream that have come since the last call.
    [[nodiscard]] std::string take_events();
    [[nodiscard]] std::string take_console() { return console_.take(); }
    /// False if the guest has left too much unread.
    bool type(const std::string& text);

    /// Stops all virtual CPUs, soon; lets them go on.
    void freeze() { monitor_->send("{\"execute\":\"stop\"}\n"); }
    void thaw() { monitor_->send("{\"execute\":\"cont\"}\n"); }

    /// Guest memory at a physical address; empty if there is none.
    [[nodiscard]] std::span<const std::byte> memory(u64 address, usize size) const;
    /// The socket to QEMU's gdb stub; closed if it was not asked for.
    [[nodiscard]] Descriptor& debugger() { return debugger_; }

    /// Adds what poll(2) should wait for.
    void add_sources(std::vector<int>& sources) const;

private:
    static constexpr u64 memory_base = 0x80000000;
    static constexpr usize memory_size = 128 * 1024 * 1024;

    int share(Descriptor descriptor);
    void build_command(const Image& image, const MachineOptions& options);
    void add_events(bool live);
    void power_on();
    void add_gate(const Image& image, const MachineOptions& options);
    Descriptor add_socket(const std::string& name);
    void add(std::initializer_list<std::string> words) { command_.insert(command_.end(), words); }

    std::vector<std::string> command_;
    std::vector<Descriptor> theirs_; // closed here once QEMU has them
    std::vector<int> inherited_;
    Descriptor memory_file_, typed_, debugger_;
    Tail console_{"interlude-console"};
    std::unique_ptr<Tail> events_file_;
    std::unique_ptr<SharedMemory> memory_;
    std::unique_ptr<Gatekeeper> gate_;
    std::unique_ptr<Inbox> events_socket_, monitor_;
    std::unique_ptr<Child> process_;
};

} // namespace session
