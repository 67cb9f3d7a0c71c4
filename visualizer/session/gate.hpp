// SPDX-License-Identifier: BSD-2-Clause
// The gate: how the visualizer stops the real machine exactly after event n without changing its
// story.
//
// The kernel has one instruction, labelled `trace_gate`, that every hart executes right after it
// has published a record. A small QEMU plugin (gate_plugin.cpp) counts its executions in this
// structure, which lies in memory shared with the visualizer, and holds the virtual CPU back,
// inside the callback, while `hits` has reached `stop_at`. The guest executes not one instruction
// more or less than without the gate, and under -icount its clock stands still meanwhile: a stepped
// run and a free run are the same run, bit for bit (tests/session shows it).
//
// While the machine is held, guest memory (a shared file as well) can be read: the open packets of
// trace_rings complete what has not been sent yet.
//
// Invariants
//   (1) hits never decreases, and never passes stop_at by more than the number of harts that run at
//       once (1 under -icount, where one host thread runs all harts).
// Read next: machine.hpp
#pragma once

#include <atomic>
#include <cstdint>

namespace session {

struct Gate {
    static constexpr std::uint32_t expected_magic = 0x47415445;
    static constexpr std::uint32_t expected_version = 1;

    std::uint32_t magic;
    std::uint32_t version;
    std::atomic<std::uint64_t> hits;    // events so far
    std::atomic<std::uint64_t> stop_at; // hold a hart when hits >= stop_at; all ones: never
    std::atomic<std::uint32_t> held;    // number of virtual CPUs that are held now
    std::atomic<std::uint32_t> wake;    // futex word: changes when stop_at was raised
};

} // namespace session
