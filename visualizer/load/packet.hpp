// SPDX-License-Identifier: BSD-2-Clause
// Cuts a stream of bytes into packets.
//
// The stream is what the kernel wrote to its port (packets of all harts one after the other) or a
// file of a trace directory (packets of one hart). Every byte is taken for hostile: a header is
// believed only if everything in it is possible; otherwise the scanner looks for the next magic
// number, and counts what it skipped.
//
//   feed(bytes) ──▶ [ … skipped … | packet | packet | incomplete ]
//   next()      ──▶ packet, packet, nothing; then feed() again, or finish()
//
// Rules
//   - A packet's span is valid until the next call of feed() or finish().
// Invariants
//   (1) Each call of next() either consumes a byte, returns nothing, or ends: no input hangs it.
//   (2) It buffers less than one packet more than it was fed, and a packet is 4096 bytes at most.
#pragma once

#include "trace/ids.hpp"
#include "trace/packet.hpp"

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace load {

using Bytes = std::span<const std::byte>;

/// A whole packet whose header has been found possible.
struct Packet {
    trace::PacketHeader header;
    Bytes bytes; // all of it, header included: what a trace file holds
    u64 offset;  // of its first byte in the stream

    [[nodiscard]] trace::HartId hart() const { return static_cast<trace::HartId>(header.cpu_id); }
    [[nodiscard]] usize size() const {
        return (header.content_bits / 8 - sizeof(trace::PacketHeader)) / sizeof(trace::Record);
    }
    [[nodiscard]] trace::Record record(usize index) const {
        trace::Record out;
        std::memcpy(&out,
                    bytes.data() + sizeof(trace::PacketHeader) + index * sizeof(trace::Record),
                    sizeof out);
        return out;
    }
};

class PacketScanner {
public:
    void feed(Bytes bytes);
    /// The next whole packet, if there is one.
    std::optional<Packet> next();
    /// No more bytes will come: what still looks like the beginning of a packet is not one, or is
    /// cut off. next() then finds what may come after it.
    void finish() { finished_ = true; }

    /// Bytes skipped since the last call, and where the last of them was.
    struct Skipped {
        u64 bytes = 0;
        u64 offset = 0;
    };
    Skipped take_skipped();
    /// After finish() and the last next(): size of a packet that the end cut off, 0 if there is
    /// none.
    [[nodiscard]] u64 cut_off() const { return cut_off_; }
    /// Where the last whole packet ended.
    [[nodiscard]] u64 end_of_last_packet() const { return end_of_last_; }

private:
    [[nodiscard]] Bytes rest() const { return Bytes(buffer_).subspan(head_); }
    void skip(usize count);

    std::vector<std::byte> buffer_;
    usize head_ = 0;      // first byte not yet consumed
    u64 base_ = 0;        // offset in the stream of buffer_[0]
    u64 end_of_last_ = 0; // offset in the stream
    u64 cut_off_ = 0;
    Skipped skipped_;
    bool finished_ = false;
};

/// The header if everything in it is possible.
[[nodiscard]] std::optional<trace::PacketHeader> possible_header(Bytes bytes);

} // namespace load
