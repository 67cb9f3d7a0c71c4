// SPDX-License-Identifier: BSD-2-Clause
#include "boot/listener.hpp"

#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace boot_test {

namespace {

constexpr int patience_ms = 60'000;

} // namespace

bool readable(int descriptor) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return poll(&one, 1, patience_ms) == 1;
}

Listener::Listener() {
    char name[] = "/tmp/interlude-port-XXXXXX";
    folder_ = mkdtemp(name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    descriptor_ = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0
        || listen(descriptor_, 1) != 0)
        std::abort();
}

Listener::~Listener() {
    close(descriptor_);
    std::filesystem::remove_all(folder_);
}

int Listener::accept() const {
    return readable(descriptor_) ? ::accept(descriptor_, nullptr, nullptr) : -1;
}

} // namespace boot_test
