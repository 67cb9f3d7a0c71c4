// SPDX-License-Identifier: BSD-2-Clause
#include "trace/drain.hpp"

#include "trace/emit.hpp"
#include "trace/raw_lock.hpp"

#include <cstring>

namespace trace {

namespace {

constexpr usize pool_size = 16 * arch::max_harts;

struct alignas(packet_size) Packet {
    PacketHeader header;
    Record records[packet_records];
};
static_assert(sizeof(Packet) == packet_size);

Packet pool[pool_size];
Record bucket[arch::max_harts]; // where records go that find no packet

/// A queue that is as large as the pool, so that it can never overflow.
class Fifo {
public:
    void put(PacketHeader* packet) { items_[(first_ + count_++) % pool_size] = packet; }
    PacketHeader* first() const { return count_ != 0 ? items_[first_] : nullptr; }
    void for_each(auto&& fn) const {
        for (usize i = 0; i < count_; i++)
            fn(*items_[(first_ + i) % pool_size]);
    }
    PacketHeader* get() {
        PacketHeader* packet = first();
        if (packet != nullptr) {
            first_ = (first_ + 1) % pool_size;
            count_--;
        }
        return packet;
    }

private:
    PacketHeader* items_[pool_size] = {};
    usize first_ = 0;
    usize count_ = 0;
};

RawLock lock;
Fifo free_packets;
Fifo waiting;
Sink* sink = nullptr;
usize under_way = 0; // packets that the sink has
Policy policy = Policy::lossless;
bool had_reader = false;
bool history_is_gone = false; // sent to a reader, or forgotten: a new reader needs a snapshot
u32 wants_snapshot = 0;
unsigned hart_count = 0;

Record* records_of(PacketHeader* packet) {
    return reinterpret_cast<Packet*>(packet)->records;
}

usize records_in(const Ring& ring) {
    return ring.open != nullptr ? static_cast<usize>(ring.next - records_of(ring.open)) : 0;
}

void take_back() {
    while (PacketHeader* packet = sink->taken()) {
        free_packets.put(packet);
        under_way--;
    }
}

/// Moves packets to the sink while it has room, and empty ones back.
void pump() {
    bool reader = sink != nullptr && sink->has_reader();
    if (reader && !had_reader && history_is_gone)
        wants_snapshot = 1;
    had_reader = reader;
    if (sink == nullptr)
        return;
    take_back();
    while (reader && waiting.first() != nullptr && sink->send(waiting.first())) {
        waiting.get();
        under_way++;
        history_is_gone = true;
    }
    take_back();
}

/// Waits until everything has gone out, or the reader is gone or too slow.
void drain_until(u64 deadline) {
    pump();
    while (had_reader && (waiting.first() != nullptr || under_way != 0) && arch::now() < deadline) {
        arch::relax();
        pump();
    }
}

/// The flight recorder forgets its oldest packet: its events count as lost for that hart, in all
/// packets that come after it.
PacketHeader* recycle_oldest() {
    PacketHeader* oldest = waiting.get();
    if (oldest == nullptr)
        return nullptr;
    u64 lost = (oldest->content_bits / 8 - sizeof(PacketHeader)) / sizeof(Record);
    trace_rings[oldest->cpu_id].discarded += lost;
    history_is_gone = true;
    waiting.for_each([&](PacketHeader& packet) {
        if (packet.cpu_id == oldest->cpu_id)
            packet.events_discarded += lost;
    });
    return oldest;
}

/// A packet for a hart, or nullptr if its events have to be dropped. `waited` counts clock ticks.
PacketHeader* obtain(u64& waited) {
    pump();
    PacketHeader* packet = free_packets.get();
    if (packet != nullptr)
        return packet;
    u64 start = arch::now();
    while (packet == nullptr && had_reader && policy == Policy::lossless) {
        arch::relax();
        pump();
        packet = free_packets.get();
        waited = arch::now() - start;
    }
    if (packet == nullptr && !had_reader)
        packet = recycle_oldest();
    return packet;
}

unsigned hart_of(const Ring& ring) {
    return static_cast<unsigned>(&ring - trace_rings);
}

/// The head of an empty packet, the next one of its hart.
void begin(const Ring& ring, PacketHeader* packet) {
    packet->magic = packet_magic;
    std::memcpy(packet->uuid, trace_uuid, sizeof trace_uuid);
    packet->stream_id = 0;
    packet->sequence = ring.sequence;
    packet->cpu_id = hart_of(ring);
    packet->schema = static_cast<u32>(schema);
    packet->stamp_begin = packet->stamp_end = ring.stamp;
    packet->content_bits = packet->packet_bits = sizeof(PacketHeader) * 8;
    packet->events_discarded = ring.discarded;
}

void open(Ring& ring, PacketHeader* packet) {
    ring.open = packet;
    if (packet == nullptr) {
        ring.next = &bucket[hart_of(ring)];
        ring.end = ring.next + 1;
        return;
    }
    begin(ring, packet);
    ring.next = records_of(packet);
    ring.end = ring.next + packet_records;
}

/// Completes the header. The ring keeps pointing to it until open().
void seal(Ring& ring) {
    PacketHeader* packet = ring.open;
    usize count = records_in(ring);
    if (count != 0) {
        packet->stamp_begin = records_of(packet)[0].stamp;
        packet->stamp_end = ring.next[-1].stamp;
    }
    packet->content_bits = packet->packet_bits =
        (sizeof(PacketHeader) + count * sizeof(Record)) * 8;
    packet->events_discarded = ring.discarded;
    ring.sequence++;
    waiting.put(packet);
}

void replace(Ring& ring) {
    u64 waited = 0;
    {
        RawLock::Guard guard(lock);
        if (ring.open != nullptr)
            seal(ring);
        else
            ring.discarded++; // the record that brought us here fell into the bucket
        bool dropped = ring.open == nullptr;
        open(ring, obtain(waited));
        if (dropped && ring.open != nullptr)
            wants_snapshot = 1;
        pump();
    }
    if (waited != 0)
        record(ReaderWait{.packets = 1, .ticks = waited});
}

} // namespace

void init(unsigned harts) {
    hart_count = harts;
    lock.release();
    for (Packet& packet : pool)
        free_packets.put(&packet.header);
    for (unsigned hart = 0; hart < harts; hart++)
        open(trace_rings[hart], free_packets.get());
}

void set_sink(Sink* to) {
    RawLock::Guard guard(lock);
    sink = to;
    pump();
}

void set_policy(Policy to) {
    RawLock::Guard guard(lock);
    policy = to;
}

void turn_over(Ring& ring) {
    replace(ring);
}

void flush() {
    u64 saved = arch::irq_save();
    Ring& ring = trace_rings[arch::current().hart];
    if (records_in(ring) != 0) {
        replace(ring);
    } else {
        RawLock::Guard guard(lock);
        pump();
    }
    arch::irq_restore(saved);
}

void flush_if_old() {
    constexpr u64 patience_per_second = 1000;
    u64 saved = arch::irq_save();
    Ring& ring = trace_rings[arch::current().hart];
    if (records_in(ring) != 0) {
        u64 age = arch::now() - stamp_time(records_of(ring.open)[0].stamp);
        if (age >= arch::timebase() / patience_per_second)
            replace(ring);
    }
    arch::irq_restore(saved);
}

// The other harts may still run and record. Their rings are left as they are: what they add to a
// packet behind its sealed end does no harm, and if they need another one they wait for the lock,
// which is not given back before the machine ends.
void flush_all() {
    constexpr u64 longest_wait_seconds = 5;
    arch::irq_disable();
    lock.seize();
    u64 deadline = arch::now() + longest_wait_seconds * arch::timebase();
    for (unsigned hart = 0; hart < hart_count; hart++) {
        if (records_in(trace_rings[hart]) != 0)
            seal(trace_rings[hart]);
    }
    drain_until(deadline);
    // Whoever dropped events to the very end says so in an empty packet.
    for (unsigned hart = 0; hart < hart_count; hart++) {
        Ring& ring = trace_rings[hart];
        PacketHeader* packet = ring.open == nullptr ? free_packets.get() : nullptr;
        if (packet != nullptr) {
            begin(ring, packet);
            waiting.put(packet);
        }
    }
    drain_until(deadline);
}

std::span<const Record> recent(usize most) {
    const Ring& ring = trace_rings[arch::current().hart];
    usize count = records_in(ring);
    count = count < most ? count : most;
    return {ring.next - count, count};
}

usize receive(u8* to, usize size) {
    RawLock::Guard guard(lock);
    return sink != nullptr ? sink->receive(to, size) : 0;
}

void answer(const u8* bytes, usize size) {
    RawLock::Guard guard(lock);
    if (sink != nullptr)
        sink->answer(bytes, size);
}

void want_snapshot() {
    __atomic_store_n(&wants_snapshot, 1, __ATOMIC_RELAXED);
}

bool snapshot_wanted() {
    return __atomic_exchange_n(&wants_snapshot, 0, __ATOMIC_RELAXED) != 0;
}

} // namespace trace
