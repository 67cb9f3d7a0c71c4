// SPDX-License-Identifier: BSD-2-Clause
// What happens to packets: from the pool to a hart, from the hart to the reader, and back.
//
//        ┌────────────── taken() ◀── reader (virtio-serial, a file, a test's memory) ◀┐
//        ▼                                                                            │ send()
//      free ──open──▶ trace_rings[h] ──full, old or flushed──▶ waiting (in order) ────┘
//        ▲                                                        │
//        └───────── no reader: the oldest is forgotten ◀──────────┘   (flight recorder)
//
// When a hart needs a packet and none is free:
//
//   no reader    the oldest waiting packet is used again: the last packets stay in memory, and are
//                sent when a reader comes, or at a panic
//   lossless     the hart waits for the reader, and says so (ReaderWait)
//   live         events are dropped whole and counted (PacketHeader::events_discarded) until a
//                packet is free; then a snapshot is wanted, so that readers find their feet again
//
// Rules
//   - The lock in here is the last in every order: whoever holds it takes no other, emits nothing.
//   - A sink is called with that lock held and interrupts disabled.
// Invariants
//   (1) A packet is in exactly one place: free, open on one hart, waiting, or with the sink.
//   (2) A hart's packets reach the sink in the order of their sequence numbers.
// Read next: snapshot.hpp, dev/virtio_serial.hpp
#pragma once

#include "trace/ring.hpp"

#include <span>

namespace trace {

/// Where packets go. A sink does not copy: a packet is its own until taken() gives it back.
class Sink {
public:
    /// Somebody reads. False: nothing is sent.
    virtual bool has_reader() = 0;
    /// Takes over a packet of header->packet_bits / 8 bytes; false if there is no room now.
    virtual bool send(PacketHeader* packet) = 0;
    /// A packet that has gone out, or nullptr.
    virtual PacketHeader* taken() = 0;

    /// Bytes of commands that have come in, at most `size`; 0 if none.
    virtual usize receive(u8* to, usize size) = 0;
    /// Sends an answer, or drops it if nobody reads them.
    virtual void answer(const u8* bytes, usize size) = 0;

protected:
    ~Sink() = default;
};

enum class Policy : u8 { lossless, live };

/// Gives every hart its first packet. Before the first record(); no sink yet.
void init(unsigned harts);
/// From now on packets go to `sink` (nullptr: flight recorder). Any context.
void set_sink(Sink* sink);
void set_policy(Policy policy);

/// Replaces a hart's packet. Only emit() and flush() call this (masked, on that hart).
void turn_over(Ring& ring);

/// Sends this hart's open packet if it holds records. Any context.
void flush();
/// The same, if the oldest record in it has waited long enough: at every tick, when going idle.
void flush_if_old();
/// The last call: sends everything of all harts and waits, within bounds, until it is out. The
/// other harts may be in any state; what they record from now on is lost. Leaves interrupts
/// disabled.
void flush_all();

/// The last records in this hart's open packet, oldest first, at most `most`; for a panic. Any
/// context.
[[nodiscard]] std::span<const Record> recent(usize most);

/// True once after events were dropped, a reader came late, or want_snapshot(): somebody should
/// take a snapshot.
[[nodiscard]] bool snapshot_wanted();
void want_snapshot();

/// The control port (control.hpp): bytes that have come in, and an answer. Any context.
usize receive(u8* to, usize size);
void answer(const u8* bytes, usize size);

} // namespace trace
