// SPDX-License-Identifier: BSD-2-Clause
// Our side of the gate: grants events to the machine and learns when it has used them up.
//
//   grant(n)   the machine runs until n events have happened since boot, then stands still
//   held()     it stands at the gate now: nothing changes until the next grant
//
// Rules
//   - grant() may go back to less than has happened already: "after the next event".
// Read next: gate.hpp, gate_plugin.cpp
#pragma once

#include "session/descriptor.hpp"
#include "session/gate.hpp"

#include <filesystem>

namespace session {

class Gatekeeper {
public:
    static constexpr u64 unlimited = ~0ull;

    explicit Gatekeeper(u64 granted);

    /// What QEMU has to be told, and the descriptors that it inherits for it.
    [[nodiscard]] std::string plugin_option(const std::filesystem::path& plugin, u64 address) const;
    [[nodiscard]] int shared_file() const { return file_.number(); }
    [[nodiscard]] int notify() const { return notify_.number(); }

    void grant(u64 events);
    [[nodiscard]] u64 granted() const { return gate().stop_at.load(); }
    [[nodiscard]] u64 hits() const { return gate().hits.load(); }
    [[nodiscard]] bool held() const { return gate().held.load() != 0 && hits() >= granted(); }
    /// notify() stays readable until this is called.
    void acknowledge() { clear(notify_); }

private:
    [[nodiscard]] Gate& gate() const { return *reinterpret_cast<Gate*>(memory_.data()); }

    Descriptor file_, notify_;
    SharedMemory memory_;
};

} // namespace session
