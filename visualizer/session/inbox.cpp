// SPDX-License-Identifier: BSD-2-Clause
#include "session/inbox.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace session {

namespace {

void signal_counter(const Descriptor& counter) {
    u64 one = 1;
    // Fails only if the counter is at its maximum: then it is readable, as wanted.
    [[maybe_unused]] ssize_t written = write(counter.number(), &one, sizeof one);
}

} // namespace

Inbox::Inbox(Descriptor socket)
    : socket_(std::move(socket))
    , ready_(event_counter())
    , quit_(event_counter()) {
    // A signal for this process is for its main thread.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { read_all(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Inbox::~Inbox() {
    {
        std::lock_guard guard(mutex_);
        quitting_ = true;
    }
    room_.notify_all();
    signal_counter(quit_);
    thread_.join();
}

void Inbox::read_all() {
    std::vector<char> buffer(256 * 1024);
    for (;;) {
        pollfd wanted[2] = {{socket_.number(), POLLIN, 0}, {quit_.number(), POLLIN, 0}};
        if (::poll(wanted, 2, -1) < 0 && errno == EINTR)
            continue;
        ssize_t got =
            wanted[1].revents != 0 ? 0 : recv(socket_.number(), buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        std::unique_lock lock(mutex_);
        if (got > 0)
            bytes_.append(buffer.data(), static_cast<usize>(got));
        else
            closed_ = true;
        signal_counter(ready_);
        room_.wait(lock, [this] { return quitting_ || bytes_.size() < capacity; });
        if (got <= 0 || quitting_)
            return;
    }
}

std::string Inbox::take() {
    std::lock_guard guard(mutex_);
    clear(ready_);
    room_.notify_all();
    return std::exchange(bytes_, {});
}

bool Inbox::finished() {
    std::lock_guard guard(mutex_);
    return closed_ && bytes_.empty();
}

bool Inbox::send(const std::string& text) {
    ssize_t sent = ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == static_cast<ssize_t>(text.size());
}

} // namespace session
