// SPDX-License-Identifier: BSD-2-Clause
#include "boot/slow_reader.hpp"

#include <chrono>
#include <sys/socket.h>
#include <unistd.h>

namespace boot_test {

namespace {

// Longer than the flood takes to fill every buffer on the way, shorter than the kernel waits at its
// end for a reader.
constexpr auto absence = std::chrono::milliseconds(2500);

} // namespace

SlowReader::SlowReader() {
    thread_ = std::thread([this] { read(); });
}

SlowReader::~SlowReader() {
    if (thread_.joinable())
        thread_.join();
}

std::vector<std::string> SlowReader::options() const {
    return {"-device virtio-serial-device", "-chardev", "socket,id=slow,path=" + listener_.path(),
            "-device virtserialport,chardev=slow,name=events,nr=1"};
}

std::string SlowReader::finish() {
    thread_.join();
    return std::move(bytes_);
}

void SlowReader::read() {
    int connection = listener_.accept();
    if (connection < 0)
        return;
    std::this_thread::sleep_for(absence);
    std::vector<char> chunk(65536);
    while (readable(connection)) {
        ssize_t size = recv(connection, chunk.data(), chunk.size(), 0);
        if (size <= 0)
            break;
        bytes_.append(chunk.data(), static_cast<size_t>(size));
    }
    close(connection);
}

} // namespace boot_test
