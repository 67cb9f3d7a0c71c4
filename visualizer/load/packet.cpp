// SPDX-License-Identifier: BSD-2-Clause
#include "load/packet.hpp"

#include "model/state.hpp"

#include <algorithm>
#include <utility>

namespace load {

namespace {

using trace::PacketHeader;

constexpr usize head_size = sizeof(PacketHeader);

// Where the next magic number begins, or might begin (a few bytes of it at the end).
usize find_magic(Bytes bytes) {
    std::byte magic[4];
    std::memcpy(magic, &trace::packet_magic, sizeof magic);
    for (usize at = 0; at < bytes.size(); at++) {
        const void* found =
            std::memchr(bytes.data() + at, static_cast<int>(magic[0]), bytes.size() - at);
        if (found == nullptr)
            break;
        at = static_cast<usize>(static_cast<const std::byte*>(found) - bytes.data());
        usize visible = std::min(sizeof magic, bytes.size() - at);
        if (std::memcmp(bytes.data() + at, magic, visible) == 0)
            return at;
    }
    return bytes.size();
}

} // namespace

std::optional<PacketHeader> possible_header(Bytes bytes) {
    if (bytes.size() < head_size)
        return std::nullopt;
    PacketHeader header;
    std::memcpy(&header, bytes.data(), head_size);
    u64 content = header.content_bits / 8;
    bool possible = header.magic == trace::packet_magic
                    && std::memcmp(header.uuid, trace::trace_uuid, sizeof header.uuid) == 0
                    && header.stream_id == 0 && header.cpu_id < model::max_harts
                    && header.content_bits % 8 == 0 && header.packet_bits % 8 == 0
                    && header.packet_bits / 8 <= trace::packet_size
                    && header.content_bits <= header.packet_bits && content >= head_size
                    && (content - head_size) % sizeof(trace::Record) == 0;
    return possible ? std::optional(header) : std::nullopt;
}

void PacketScanner::feed(Bytes bytes) {
    if (head_ > buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
        base_ += head_;
        head_ = 0;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void PacketScanner::skip(usize count) {
    head_ += count;
    skipped_.bytes += count;
    skipped_.offset = base_ + head_;
}

PacketScanner::Skipped PacketScanner::take_skipped() {
    return std::exchange(skipped_, Skipped{});
}

std::optional<Packet> PacketScanner::next() {
    u64 incomplete = 0; // bytes from the first packet that the end of input left incomplete
    for (;;) {
        if (usize garbage = find_magic(rest()); garbage != 0)
            skip(garbage);
        if (rest().empty())
            break;
        std::optional<PacketHeader> header = possible_header(rest());
        usize size = header ? header->packet_bits / 8 : head_size;
        if (header && rest().size() >= size) {
            Packet packet{*header, rest().first(size), base_ + head_};
            head_ += size;
            end_of_last_ = base_ + head_;
            return packet;
        }
        if (rest().size() < size) {
            if (!finished_)
                return std::nullopt;
            if (incomplete == 0)
                incomplete = rest().size();
        }
        skip(1);
    }
    // Nothing came after the incomplete one, so it was a packet: cut off, not garbage.
    skipped_.bytes -= incomplete;
    cut_off_ += incomplete;
    return std::nullopt;
}

} // namespace load
