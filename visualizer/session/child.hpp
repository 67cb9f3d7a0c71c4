// SPDX-License-Identifier: BSD-2-Clause
// A program that we started and will not leave behind: QEMU, or the build command.
//
// It runs in its own process group, with both outputs in a pipe that we read, input from
// /dev/null, and the order to die when we die (PR_SET_PDEATHSIG), however we die. A pidfd tells
// poll(2) when it has ended.
//
// Rules
//   - Start it from a thread that lives as long as the child may: the kernel takes the end of that
//     thread for our death.
//   - Nothing here blocks, except kill(): for the moment that the kernel takes to end the group.
// Invariants
//   (1) After kill() or destruction no process of the group is left, and no zombie.
#pragma once

#include "session/descriptor.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <vector>

namespace session {

/// The program is not there, or may not be executed.
struct NotFound : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Child {
public:
    /// Starts command[0], looked up in PATH. `inherited`: descriptors it gets under the same
    /// numbers. Throws NotFound, or std::runtime_error with a sentence.
    Child(const std::vector<std::string>& command, const std::vector<int>& inherited = {});
    ~Child() { kill(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// How it ended, if it has: as a shell says it, 128 + n for signal n.
    struct End {
        int status;
        int signal; // that killed it, or 0
    };
    [[nodiscard]] std::optional<End> poll();
    /// Ends the whole group, now.
    void kill();

    [[nodiscard]] pid_t id() const { return id_; }
    /// Readable when the child has ended (may be closed on kernels without pidfd).
    [[nodiscard]] int ended() const { return ended_.number(); }
    /// Readable when there is output.
    [[nodiscard]] int output_ready() const { return output_pipe_.number(); }
    /// What it wrote to its outputs so far: the first and the last 256 KiB if it was more.
    const std::string& output();

private:
    void read_output();

    pid_t id_ = -1;
    std::optional<End> end_;
    Descriptor ended_, output_pipe_;
    std::string output_;
};

} // namespace session
