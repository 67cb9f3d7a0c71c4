// SPDX-License-Identifier: BSD-2-Clause
#include "load/loader.hpp"

#include <algorithm>

namespace load {

namespace {

/// A hart from which nothing comes for so long has nothing to say.
constexpr u64 ticks_of_patience = 20;

using model::Problem;

std::string packet_name(const Packet& packet) {
    return "packet " + std::to_string(packet.header.sequence) + " of hart "
           + std::to_string(packet.header.cpu_id);
}

} // namespace

void Loader::note(HartId hart, Problem::Kind kind, u64 count, std::string sentence) {
    u64 time = trace::stamp_time(stream(hart).last_stamp);
    merger_.note(hart, {kind, hart, time, 0, count, std::move(sentence)});
}

void Loader::note_skipped(HartId hart, PacketScanner::Skipped skipped) {
    if (skipped.bytes != 0)
        note(hart, Problem::Kind::malformed, skipped.bytes,
             std::to_string(skipped.bytes) + " bytes before offset "
                 + std::to_string(skipped.offset) + " are no packet and were skipped");
}

void Loader::note_cut_off(HartId hart, u64 bytes) {
    if (bytes != 0)
        note(hart, Problem::Kind::truncated, bytes,
             "the trace ends in the middle of a packet; its " + std::to_string(bytes)
                 + " bytes were left out");
}

void Loader::feed(Bytes bytes) {
    scanner_.feed(bytes);
    while (std::optional<Packet> packet = scanner_.next()) {
        note_skipped(packet->hart(), scanner_.take_skipped());
        feed(*packet);
    }
}

// False if all of the packet is known already.
bool Loader::check_sequence(const Packet& packet) {
    Stream& from = stream(packet.hart());
    u64 sequence = packet.header.sequence;
    if (from.begun && sequence < from.next_sequence) {
        note(packet.hart(), Problem::Kind::out_of_order, packet.size(),
             packet_name(packet) + " came a second time, or too late, and was left out");
        return false;
    }
    if (sequence != from.next_sequence) {
        u64 missing = sequence - from.next_sequence;
        // If the kernel counts the events as discarded, that says it better; see note_discarded().
        if (packet.header.events_discarded <= from.discarded)
            note(packet.hart(), Problem::Kind::discarded, 0,
                 std::to_string(missing) + " packets are missing before " + packet_name(packet));
        from.taken = 0;
    }
    return true;
}

void Loader::note_discarded(const Packet& packet) {
    Stream& from = stream(packet.hart());
    u64 total = packet.header.events_discarded;
    if (total > from.discarded)
        note(packet.hart(), Problem::Kind::discarded, total - from.discarded,
             "hart " + std::to_string(packet.header.cpu_id) + " had to discard "
                 + std::to_string(total - from.discarded) + " events before the end of "
                 + packet_name(packet));
    from.discarded = std::max(from.discarded, total);
}

void Loader::feed(const Packet& packet) {
    packets_++;
    if (listener_)
        listener_(packet);
    HartId hart = packet.hart();
    if (packet.header.schema != static_cast<u32>(trace::schema)) {
        foreign_packets_++;
        note(hart, Problem::Kind::malformed, packet.bytes.size(),
             "a packet speaks of other events than this program knows: build kernel and visualizer "
             "from the same tree (make)");
        return;
    }
    if (!check_sequence(packet))
        return;
    note_discarded(packet);
    Stream& from = stream(hart);
    usize size = packet.size();
    for (usize i = std::min(from.taken, size); i < size; i++)
        take(hart, packet.record(i));
    from.begun = true;
    from.next_sequence = packet.header.sequence + 1;
    from.taken = 0;
    if (size == 0) // it says that the hart has nothing older
        merger_.heard_of(hart, packet.header.stamp_end);
}

void Loader::take(HartId hart, const Record& record) {
    Stream& from = stream(hart);
    u16 id = trace::record_id(record);
    if (id == 0 || id > trace::Events::count) {
        note(hart, Problem::Kind::unknown_event, 1,
             "an event with id " + std::to_string(id) + ", which this program does not know");
        return;
    }
    if (record.stamp <= from.last_stamp && from.last_stamp != 0)
        note(hart, Problem::Kind::out_of_order, 1,
             "the time of an event goes back on its own hart");
    from.last_stamp = std::max(from.last_stamp, record.stamp);
    if (id == trace::id_of<trace::Boot>)
        note_boot(trace::unpack<trace::Boot>(record));
    merger_.add(hart, record);
}

bool Loader::feed_open(HartId hart, u64 sequence, std::span<const Record> records) {
    if (static_cast<u32>(hart) >= model::max_harts)
        return false;
    Stream& from = stream(hart);
    if (sequence != from.next_sequence)
        return false;
    usize size = std::min(records.size(), trace::packet_records);
    for (usize i = std::min(from.taken, size); i < size; i++)
        take(hart, records[i]);
    from.taken = std::max(from.taken, size);
    from.begun = true;
    return true;
}

void Loader::note_boot(const trace::Boot& boot) {
    harts_ = boot.harts;
    if (boot.hz != 0)
        patience_ = ticks_of_patience * (boot.timebase / boot.hz);
}

void Loader::append_live() {
    if (harts_ != 0)
        merger_.append_safe(harts_);
    u64 newest = merger_.newest_time();
    if (newest > patience_)
        merger_.append_before(newest - patience_);
}

void Loader::finish() {
    scanner_.finish();
    while (std::optional<Packet> packet = scanner_.next()) {
        note_skipped(packet->hart(), scanner_.take_skipped());
        feed(*packet);
    }
    note_skipped(HartId{}, scanner_.take_skipped());
    note_cut_off(HartId{}, scanner_.cut_off());
    merger_.append_all();
    store_.finish();
}

} // namespace load
