// SPDX-License-Identifier: BSD-2-Clause
#include "boot/slow_reader.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace boot_test {

namespace {

constexpr int patience_ms = 60'000;
// Longer than the flood takes to fill every buffer on the way, shorter than the kernel waits at its
// end for a reader.
constexpr auto absence = std::chrono::milliseconds(2500);

bool readable(int descriptor) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return poll(&one, 1, patience_ms) == 1;
}

} // namespace

SlowReader::SlowReader() {
    char name[] = "/tmp/interlude-reader-XXXXXX";
    folder_ = mkdtemp(name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string path = folder_ + "/port";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0
        || listen(listener_, 1) != 0)
        std::abort();
    thread_ = std::thread([this] { read(); });
}

SlowReader::~SlowReader() {
    if (thread_.joinable())
        thread_.join();
    close(listener_);
    std::filesystem::remove_all(folder_);
}

std::vector<std::string> SlowReader::options() const {
    return {"-device virtio-serial-device", "-chardev", "socket,id=slow,path=" + folder_ + "/port",
            "-device virtserialport,chardev=slow,name=events,nr=1"};
}

std::string SlowReader::finish() {
    thread_.join();
    return std::move(bytes_);
}

void SlowReader::read() {
    if (!readable(listener_))
        return;
    int connection = accept(listener_, nullptr, nullptr);
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
