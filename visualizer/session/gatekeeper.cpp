// SPDX-License-Identifier: BSD-2-Clause
#include "session/gatekeeper.hpp"

#include <climits>
#include <linux/futex.h>
#include <new>
#include <sys/syscall.h>
#include <unistd.h>

namespace session {

namespace {
constexpr usize gate_bytes = 4096;
}

Gatekeeper::Gatekeeper(u64 granted)
    : file_(anonymous_file("interlude-gate", gate_bytes))
    , notify_(event_counter())
    , memory_(file_, gate_bytes) {
    new (memory_.data()) Gate{Gate::expected_magic, Gate::expected_version, 0, granted, 0, 0};
}

std::string Gatekeeper::plugin_option(const std::filesystem::path& plugin, u64 address) const {
    return plugin.string() + ",shm=" + file_.path() + ",address=" + std::to_string(address)
           + ",notify=" + std::to_string(notify_.number());
}

void Gatekeeper::grant(u64 events) {
    if (granted() == events)
        return;
    gate().stop_at.store(events);
    gate().wake.fetch_add(1);
    syscall(SYS_futex, &gate().wake, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

} // namespace session
