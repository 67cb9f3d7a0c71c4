// SPDX-License-Identifier: BSD-2-Clause
#include "session/descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace session {

std::string system_error(const std::string& what) {
    return what + ": " + std::strerror(errno);
}

Descriptor::~Descriptor() {
    if (number_ >= 0)
        ::close(number_);
}

Descriptor anonymous_file(const char* name, usize size) {
    Descriptor file(memfd_create(name, MFD_CLOEXEC));
    if (!file.open() || ftruncate(file.number(), static_cast<off_t>(size)) != 0)
        throw std::runtime_error(system_error("cannot make memory to share with QEMU"));
    return file;
}

std::pair<Descriptor, Descriptor> socket_pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error(system_error("cannot make a socket to QEMU"));
    Descriptor ours(ends[0]), theirs(ends[1]);
    fcntl(ours.number(), F_SETFL, O_NONBLOCK);
    return {std::move(ours), std::move(theirs)};
}

Pipe make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error(system_error("cannot make a pipe"));
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor event_counter() {
    Descriptor counter(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!counter.open())
        throw std::runtime_error(system_error("cannot make an event counter"));
    return counter;
}

void clear(const Descriptor& counter) {
    u64 count;
    while (read(counter.number(), &count, sizeof count) == sizeof count) {
    }
}

void wait_for(const std::vector<int>& descriptors, unsigned milliseconds) {
    std::vector<pollfd> wanted;
    for (int number : descriptors)
        wanted.push_back({number, POLLIN, 0});
    ::poll(wanted.data(), wanted.size(), static_cast<int>(milliseconds));
}

SharedMemory::SharedMemory(const Descriptor& file, usize size)
    : size_(size) {
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
    if (memory == MAP_FAILED)
        throw std::runtime_error(system_error("cannot map memory shared with QEMU"));
    data_ = static_cast<std::byte*>(memory);
}

SharedMemory::~SharedMemory() {
    munmap(data_, size_);
}

} // namespace session
