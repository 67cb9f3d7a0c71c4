// SPDX-License-Identifier: BSD-2-Clause
// Reads a socket from QEMU as fast as QEMU can write, so that a window that is busy never holds the
// guest up: a full socket would make the guest wait, and the time of that wait is the host's.
//
// Rules
//   - A thread of its own reads; take() hands over what has come, in order. Thread-safe.
//   - At most `capacity` bytes are kept; then QEMU has to wait after all.
#pragma once

#include "session/descriptor.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace session {

class Inbox {
public:
    static constexpr usize capacity = 64 * 1024 * 1024;

    /// Reads `socket` (ours for good) until its other end closes.
    explicit Inbox(Descriptor socket);
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// What has come since the last call.
    [[nodiscard]] std::string take();
    /// The other end is closed and everything has been taken.
    [[nodiscard]] bool finished();
    /// Readable when there is something to take.
    [[nodiscard]] int ready() const { return ready_.number(); }
    /// Writes without waiting; false if the other end does not take it.
    bool send(const std::string& text);

private:
    void read_all();

    Descriptor socket_, ready_, quit_;
    std::mutex mutex_;
    std::condition_variable room_;
    std::string bytes_;
    bool closed_ = false;
    bool quitting_ = false;
    std::thread thread_;
};

} // namespace session
