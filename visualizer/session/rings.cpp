// SPDX-License-Identifier: BSD-2-Clause
#include "session/rings.hpp"

#include <cstring>

namespace session {

// The guest and this program lay the same struct out alike: LP64, little-endian.
static_assert(sizeof(trace::Ring) == 64 && sizeof(void*) == 8);

namespace {

template <class T> bool read_object(const Machine& machine, u64 address, T& object) {
    std::span<const std::byte> bytes = machine.memory(address, sizeof(T));
    if (!bytes.empty())
        std::memcpy(&object, bytes.data(), sizeof(T));
    return !bytes.empty();
}

} // namespace

std::optional<OpenPacket> read_open_packet(const Machine& machine, u64 rings, unsigned hart) {
    trace::Ring ring;
    OpenPacket packet;
    if (!read_object(machine, rings + hart * sizeof(trace::Ring), ring))
        return std::nullopt;
    u64 start = reinterpret_cast<u64>(ring.open);
    if (!read_object(machine, start, packet.header))
        return std::nullopt;
    u64 first = start + sizeof(trace::PacketHeader);
    u64 bytes = reinterpret_cast<u64>(ring.next) - first;
    // A packet that has been sealed keeps its number, so that nobody takes its records in twice.
    if (packet.header.magic != trace::packet_magic || packet.header.cpu_id != hart
        || bytes % sizeof(trace::Record) != 0
        || bytes > trace::packet_records * sizeof(trace::Record))
        return std::nullopt;

    std::span<const std::byte> source = machine.memory(first, bytes);
    if (source.size() != bytes)
        return std::nullopt;
    packet.records.resize(bytes / sizeof(trace::Record));
    if (bytes != 0) {
        std::memcpy(packet.records.data(), source.data(), bytes);
        packet.header.stamp_begin = packet.records.front().stamp;
        packet.header.stamp_end = packet.records.back().stamp;
    }
    packet.header.events_discarded = ring.discarded;
    packet.header.content_bits = (sizeof(trace::PacketHeader) + bytes) * 8;
    packet.header.packet_bits = packet.header.content_bits;
    return packet;
}

} // namespace session
