// SPDX-License-Identifier: BSD-2-Clause
// How one event lies in memory, on the wire and in a trace file: the same 32 bytes in all three.
//
//   byte  0        2                 8     10      12                                   32
//        | order   | time            | id   | lwp   | fields of the event, padded        |
//        |<------- stamp (u64) ----->|
//
// The stamp is a hybrid logical clock. Its upper 48 bits are the machine's time in timebase ticks
// (100 ns on QEMU virt), its lower 16 bits put events that share a tick in order. Each hart keeps
// its last stamp; the next one is max(last + 1, clock now). Whatever carries an effect from one
// hart to another (a spin mutex, an inter-processor interrupt) carries the stamp along, and the
// receiver takes the maximum. So sorting all events of all harts by (stamp, hart) gives an order
// in which nothing appears before its cause, although no cache line is shared to make it.
//
// Invariants
//   (1) The stamps of one hart's records strictly increase.
//   (2) If record a could have influenced record b, then a.stamp < b.stamp.
//
// Fields are laid out in the order that the event's describe() names them, each at its natural
// alignment, starting at byte 12. CTF metadata, decoder and kernel all derive from that one rule.
// Read next: events.hpp, then packet.hpp
#pragma once

#include "lib/types.hpp"

namespace trace {

struct Record {
    u64 stamp;
    u64 words[3]; // words[0]: id (16 bits), lwp (16 bits), first 4 bytes of fields
};
static_assert(sizeof(Record) == 32);

constexpr unsigned order_bits = 16;
constexpr usize lwp_offset = 10;
constexpr usize fields_offset = 12;
constexpr usize fields_capacity = sizeof(Record) - fields_offset;

constexpr u64 stamp_time(u64 stamp) {
    return stamp >> order_bits;
}
constexpr u16 stamp_order(u64 stamp) {
    return static_cast<u16>(stamp);
}

constexpr u16 record_id(const Record& record) {
    return static_cast<u16>(record.words[0]);
}
constexpr u16 record_lwp(const Record& record) {
    return static_cast<u16>(record.words[0] >> 16);
}

} // namespace trace
