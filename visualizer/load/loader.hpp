// SPDX-License-Identifier: BSD-2-Clause
// Takes the kernel's bytes and grows a store from them: scanner, decoder and merger in one.
//
//   Loader loader(store);
//   loader.on_packet([&](const Packet& packet) { writer.write(packet); });   // if it is recorded
//   live:        loader.feed(bytes_from_port); loader.append_live();         // per poll
//   held:        loader.feed(…); loader.feed_open(hart, sequence, records);  // of every hart
//                loader.append_everything();
//   at the end:  loader.finish();
//
// Open packets. While the machine is held, the records that a hart has not sent yet are read from
// guest memory and fed with feed_open(). When their packet arrives by the port later, the records
// that were taken already are left out, so every event is appended once, however often one stops.
//
// What it notices it reports to the store as problems, at their place among the events: bytes that
// are no packet, packets of another schema, unknown ids, stamps that go back, packets that are
// missing, events that the kernel had to discard.
//
// Rules
//   - append_everything() only if nothing is under way: the machine is held and every hart's open
//     packet has been fed, or the input has ended.
//   - on_packet's packet is valid during the call only. Recording wants the bytes unchanged, so it
//     sees packets also when their records are not understood.
// Read next: packet.hpp, merger.hpp
#pragma once

#include "load/merger.hpp"
#include "load/packet.hpp"

#include <functional>
#include <span>

namespace load {

class Loader {
public:
    explicit Loader(model::Store& store)
        : store_(store)
        , merger_(store) {}

    void on_packet(std::function<void(const Packet&)> listener) { listener_ = std::move(listener); }

    /// Bytes of a stream that carries all harts' packets.
    void feed(Bytes bytes);
    /// One packet, by whoever scans for packets itself.
    void feed(const Packet& packet);
    /// The records so far of the packet that `hart` has open, its `sequence` being as in its ring.
    /// May be fed again with more records. False, and nothing is taken, if an earlier packet of
    /// that hart has not arrived yet: read the port first.
    bool feed_open(HartId hart, u64 sequence, std::span<const Record> records);

    /// Appends what is certainly in order, or, after twenty clock ticks, most probably.
    void append_live();
    /// Appends what is certainly in order, hearing from `harts` harts.
    void append_safe(unsigned harts) { merger_.append_safe(harts); }
    void append_everything() { merger_.append_all(); }
    /// No more will come from this hart's file.
    void close(HartId hart) { merger_.close(hart); }
    /// The stream has ended: appends everything and finishes the store.
    void finish();

    /// Events fed but not yet appended.
    [[nodiscard]] usize waiting() const { return merger_.waiting(); }
    /// Packets whose schema is not this program's. If every packet is such, the kernel was built
    /// from another version of the tree.
    [[nodiscard]] u64 foreign_packets() const { return foreign_packets_; }
    [[nodiscard]] u64 packets() const { return packets_; }
    /// True if the whole packet of that number has been fed.
    [[nodiscard]] bool has(HartId hart, u64 sequence) const {
        const Stream& from = streams_[static_cast<usize>(hart)];
        return from.begun && sequence < from.next_sequence;
    }

    /// Notes `skipped` bytes that were no packet, by whoever scans for packets itself.
    void note_skipped(HartId hart, PacketScanner::Skipped skipped);
    void note_cut_off(HartId hart, u64 bytes);

private:
    // What is known of one hart's stream.
    struct Stream {
        bool begun = false;
        u64 next_sequence = 0; // of the packet that should come next
        usize taken = 0;       // records of it that feed_open() has taken
        u64 discarded = 0;     // the kernel's running total
        u64 last_stamp = 0;
    };

    Stream& stream(HartId hart) { return streams_[static_cast<usize>(hart)]; }
    void take(HartId hart, const Record& record);
    void note_boot(const trace::Boot& boot);
    bool check_sequence(const Packet& packet);
    void note_discarded(const Packet& packet);
    void note(HartId hart, model::Problem::Kind kind, u64 count, std::string sentence);

    model::Store& store_;
    Merger merger_;
    PacketScanner scanner_;
    std::function<void(const Packet&)> listener_;
    std::array<Stream, model::max_harts> streams_;
    unsigned harts_ = 0;       // 0 until Boot told
    u64 patience_ = 2'000'000; // clock ticks of the machine; Boot says better
    u64 packets_ = 0, foreign_packets_ = 0;
};

} // namespace load
