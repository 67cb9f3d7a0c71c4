// SPDX-License-Identifier: BSD-2-Clause
// The head of a packet of events: a CTF 1.8 packet header and context, so that the bytes that leave
// the kernel are already a valid trace (with the metadata that visualizer/load/metadata.hpp
// writes).
//
// A packet belongs to one hart (stream_instance) and holds whole records. Empty packets are legal:
// they carry a new count of discarded events, or say that a hart is alive. Sizes are in bits, as
// CTF wants. Times are whole stamps (record.hpp): to CTF, the stamp is the clock, so that any
// reader has them in full.
#pragma once

#include "trace/record.hpp"

namespace trace {

constexpr u32 packet_magic = 0xc1fc1fc1;

/// The trace's UUID: fixed, because babeltrace2 compares it between packets and metadata, and a
/// trace's identity is its manifest.
constexpr u8 trace_uuid[16] = {0x49, 0x6e, 0x74, 0x65, 0x72, 0x6c, 0x4d, 0x75,
                               0x8d, 0x65, 0x54, 0x72, 0x61, 0x63, 0x65, 0x31};

struct PacketHeader {
    u32 magic;
    u8 uuid[16];
    u32 stream_id;   // 0: there is one kind of stream, one instance per hart
    u64 stamp_begin; // of the first record
    u64 stamp_end;   // of the last record; if there is none, all later ones are greater
    u64 content_bits;
    u64 packet_bits;
    u64 sequence;         // counts this hart's packets from 0
    u64 events_discarded; // running total of this hart
    u32 cpu_id;           // the kernel's hart number
    u32 schema;           // low half of trace::schema
};
static_assert(sizeof(PacketHeader) == 80);

constexpr usize packet_size = 4096; // largest packet, head included
constexpr usize packet_records = (packet_size - sizeof(PacketHeader)) / sizeof(Record);

} // namespace trace
