// SPDX-License-Identifier: BSD-2-Clause
// Where a hart's records go: one open packet per hart, single writer, no lock.
//
//   emit ──▶ open packet ──full, or old at the next tick or idle──▶ transmit queue ──▶
//   virtio-serial
//            (trace_rings[hart])                                    (packets, not copied)
//
// Rules
//   - Only hart h writes trace_rings[h], with interrupts disabled for the few instructions of an
//     emit, so an interrupt never sees half a record and stamps stay in order (record.hpp,
//     invariant 1).
//   - The layout is read from outside: a visualizer that has stopped the machine at `trace_gate`
//     reads the open packets from guest memory, so that it sees every event up to that very
//     instruction.
// Read next: emit.cpp
#pragma once

#include "arch/limits.hpp"
#include "trace/packet.hpp"

namespace trace {

struct alignas(64) Ring {
    u64 stamp;          // of the last record; see record.hpp
    Record* next;       // where the next record goes
    Record* end;        // behind the last record that fits
    PacketHeader* open; // the packet under construction: its `sequence` and `cpu_id` are valid
    u64 sequence;       // of the open packet
    u64 discarded;      // events that found no packet, since boot
};

/// One ring per hart. C linkage: the visualizer finds it in the kernel's symbol table by this name.
extern "C" Ring trace_rings[arch::max_harts];

} // namespace trace
