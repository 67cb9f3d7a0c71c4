// SPDX-License-Identifier: BSD-2-Clause
// A file descriptor that closes itself, and the few kinds of them that a session hands to QEMU.
//
// QEMU inherits all it shares with us: guest memory, the gate and the event stream as anonymous
// files (memfd), the rest as one end of a pipe or of a pair of sockets. So nothing of a run has a
// name in the file system: there is no stale socket to trip over, no path that is too long, and
// nothing to sweep up after a crash, because the kernel frees it with the last process that has it
// open.
//
// Rules
//   - All are close-on-exec; Child makes those inheritable that its program is meant to have.
#pragma once

#include "lib/types.hpp"

#include <string>
#include <utility>
#include <vector>

namespace session {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number)
        : number_(number) {}
    Descriptor(Descriptor&& other) noexcept
        : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    void close() { *this = Descriptor(); }
    /// The name by which this process and its children can open the same file again.
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }

private:
    int number_ = -1;
};

/// An anonymous file of `size` bytes.
[[nodiscard]] Descriptor anonymous_file(const char* name, usize size);
/// Both ends of a connected Unix stream socket; `first` is ours and does not block.
[[nodiscard]] std::pair<Descriptor, Descriptor> socket_pair();
struct Pipe {
    Descriptor read, write;
};
[[nodiscard]] Pipe make_pipe();
/// A counter that poll(2) can wait for. Does not block.
[[nodiscard]] Descriptor event_counter();
/// Sets the counter back to zero.
void clear(const Descriptor& counter);

/// Waits until one of these descriptors is readable (or closed at its other end), but not longer
/// than this. Numbers below 0 are left out.
void wait_for(const std::vector<int>& descriptors, unsigned milliseconds);

/// A sentence about what the last system call refused: "what: No space left on device".
[[nodiscard]] std::string system_error(const std::string& what);

/// Memory shared through a file, unmapped with its owner.
class SharedMemory {
public:
    SharedMemory(const Descriptor& file, usize size);
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] usize size() const { return size_; }

private:
    std::byte* data_;
    usize size_;
};

} // namespace session
