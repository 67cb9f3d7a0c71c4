// SPDX-License-Identifier: BSD-2-Clause
#include "debugger.hpp"

#include <fmt/format.h>
#include <numeric>
#include <stdexcept>
#include <sys/socket.h>

namespace truth {

Debugger::Debugger(session::Descriptor socket)
    : socket_(std::move(socket)) {
    ask("qSupported:xmlRegisters=riscv");
}

void Debugger::send(const std::string& packet) {
    unsigned sum = std::accumulate(packet.begin(), packet.end(), 0u, [](unsigned so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    std::string framed = fmt::format("${}#{:02x}", packet, sum & 0xff);
    if (::send(socket_.number(), framed.data(), framed.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(framed.size()))
        throw std::runtime_error("the debugger's socket is closed");
}

/// Takes in what has come; false if nothing has.
bool Debugger::take_in() {
    char buffer[8192];
    ssize_t got = recv(socket_.number(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got == 0)
        throw Ended("the machine has ended");
    bytes_.assign(buffer, static_cast<usize>(std::max<ssize_t>(got, 0)));
    at_ = 0;
    return got > 0;
}

char Debugger::next_byte() {
    constexpr unsigned patience = 60'000;
    if (at_ == bytes_.size()) {
        session::wait_for({socket_.number()}, patience);
        if (!take_in())
            throw std::runtime_error("the debugger's stub does not answer");
    }
    return bytes_[at_++];
}

/// Not acknowledgements.
bool Debugger::has_packet() {
    for (; at_ < bytes_.size() || take_in(); at_++)
        if (bytes_[at_] == '$')
            return true;
    return false;
}

std::string Debugger::receive() {
    while (next_byte() != '$') { // acknowledgements
    }
    std::string packet;
    for (char c = next_byte(); c != '#'; c = next_byte()) {
        constexpr char escape = '}';
        packet += c == escape ? static_cast<char>(next_byte() ^ 0x20) : c;
    }
    next_byte();
    next_byte(); // the checksum: the socket loses nothing
    ::send(socket_.number(), "+", 1, MSG_NOSIGNAL);
    return packet;
}

void Debugger::interrupt() {
    ::send(socket_.number(), "\x03", 1, MSG_NOSIGNAL);
}

bool Debugger::wait_until_stopped() {
    try {
        while (receive().front() != 'T') {
        }
        return true;
    } catch (const Ended&) {
        ended_ = true;
        return false;
    }
}

void Debugger::resume_if_stopped() {
    try {
        if (has_packet() && wait_until_stopped())
            resume();
    } catch (const Ended&) {
        ended_ = true;
    }
}

bool Debugger::run_to(const std::vector<u64>& addresses) {
    for (u64 address : addresses)
        ask(fmt::format("Z0,{:x},4", address));
    resume();
    if (!wait_until_stopped())
        return false;
    for (u64 address : addresses)
        ask(fmt::format("z0,{:x},4", address));
    return true;
}

void Debugger::step(unsigned hart) {
    ask(fmt::format("Hc{:x}", hart + 1));
    send("s");
    wait_until_stopped();
}

u64 Debugger::machine_register(unsigned hart, unsigned number) {
    ask(fmt::format("Hg{:x}", hart + 1));
    std::string hex = ask(fmt::format("p{:x}", number));
    u64 value = 0;
    for (usize i = std::min<usize>(hex.size(), 16); i >= 2; i -= 2)
        value = value << 8 | std::stoul(hex.substr(i - 2, 2), nullptr, 16);
    return value;
}

unsigned Debugger::number_of(const std::string& csr) {
    ask("qXfer:features:read:target.xml:0,ffff");
    while (registers_.empty() || registers_.front() == 'm') {
        std::string part = ask(fmt::format("qXfer:features:read:riscv-csr.xml:{:x},7ff",
                                           registers_.empty() ? 0 : registers_.size() - 1));
        bool last = part.front() == 'l';
        registers_ =
            (last ? "l" : "m") + (registers_.empty() ? "" : registers_.substr(1)) + part.substr(1);
    }
    usize at = registers_.find("name=\"" + csr + "\"");
    usize number = registers_.find("regnum=\"", at);
    if (at == std::string::npos || number == std::string::npos)
        throw std::runtime_error("the stub does not know " + csr);
    return static_cast<unsigned>(std::stoul(registers_.substr(number + 8)));
}

} // namespace truth
