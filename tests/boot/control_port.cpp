// SPDX-License-Identifier: BSD-2-Clause
#include "boot/control_port.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace boot_test {

namespace {

constexpr usize answer_size = 9;
constexpr usize verdict_at = 4;

} // namespace

Bytes frame(u8 command, const Bytes& payload) {
    Bytes bytes{1, command, static_cast<u8>(payload.size()), 0};
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    u32 sum = 0x811c9dc5;
    for (u8 byte : bytes)
        sum = (sum ^ byte) * 0x01000193;
    for (int i = 0; i < 4; i++)
        bytes.push_back(static_cast<u8>(sum >> i * 8));
    return bytes;
}

ControlPort::~ControlPort() {
    if (connection_ >= 0)
        close(connection_);
}

std::vector<std::string> ControlPort::options() const {
    return {"-chardev", "socket,id=control,path=" + listener_.path(), "-device",
            "virtserialport,chardev=control,name=control,nr=2"};
}

bool ControlPort::accept() {
    connection_ = listener_.accept();
    return connection_ >= 0;
}

bool ControlPort::send(const Bytes& bytes) {
    return ::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
           == static_cast<ssize_t>(bytes.size());
}

int ControlPort::answer() {
    u8 bytes[answer_size];
    usize got = 0;
    while (got < sizeof bytes) {
        if (!readable(connection_))
            return -1;
        ssize_t more = recv(connection_, bytes + got, sizeof bytes - got, 0);
        if (more <= 0)
            return -1;
        got += static_cast<usize>(more);
    }
    return bytes[verdict_at];
}

} // namespace boot_test
