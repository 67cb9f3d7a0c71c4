// SPDX-License-Identifier: BSD-2-Clause
// An anonymous file that QEMU writes and we read behind it. A file is never full: nothing that we
// do or fail to do can make the guest wait, and so nothing of it can show in the guest's time.
// (A socket can: the kernel charges a Unix socket some 700 bytes for each single-byte write, so a
// guest that prints fills it faster than any reader is scheduled.)
#pragma once

#include "session/descriptor.hpp"

namespace session {

class Tail {
public:
    explicit Tail(const char* name)
        : file_(anonymous_file(name, 0)) {}

    /// At most one MiB of what has been written since the last call.
    [[nodiscard]] std::string take();
    [[nodiscard]] const Descriptor& file() const { return file_; }

private:
    Descriptor file_;
    u64 read_ = 0, freed_ = 0;
};

} // namespace session
