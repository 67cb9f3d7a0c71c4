// SPDX-License-Identifier: BSD-2-Clause
#include "fuzz/hostile_input.hpp"

#include "load/loader.hpp"
#include "load/manifest.hpp"
#include "load/metadata.hpp"
#include "model/mention.hpp"
#include "model/narration.hpp"
#include "model/statistics.hpp"

#include <cstdio>
#include <cstdlib>
#include <tuple>

namespace fuzz {

namespace {

void require(bool kept, const char* promise) {
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

// Looks at the store in all the ways that views and commands do.
void look_around(model::Store& store, usize input_size) {
    // Tables of a state have at most 4096 entries each; one state per 8192 events is kept.
    constexpr usize largest_state = 4 << 20;
    require(store.memory() <= 4 * largest_state + 24 * input_size, "memory follows the input");
    for (usize i = 1; i < store.size(); i++)
        require(store.stamp(i - 1) <= store.stamp(i), "stamps never decrease");
    for (usize i = 0; i < store.size(); i += 1 + store.size() / 64) {
        require(!sentence(store.event(i), store.names()).empty(), "every event has a sentence");
        std::ignore = mentions(store.event(i), model::Kind::lock, 1);
    }
    for (usize i = 0; i < store.size(); i += 1 + store.size() / 4)
        std::ignore = store.state_after(store.size() - i).check();
    std::ignore = model::measure(store, 0, store.size());
    require(store.state_after(store.size()).stamp == store.newest().stamp, "the end is the end");
}

} // namespace

void try_stream(load::Bytes bytes, usize piece) {
    model::Store store;
    load::Loader loader(store);
    u64 packet_bytes = 0;
    loader.on_packet([&](const load::Packet& packet) { packet_bytes += packet.bytes.size(); });
    for (load::Bytes rest = bytes; !rest.empty();) {
        usize size = std::min(piece, rest.size());
        loader.feed(rest.first(size));
        loader.append_live();
        rest = rest.subspan(size);
    }
    loader.finish();
    require(packet_bytes <= bytes.size(), "no byte is taken twice");
    require(loader.waiting() == 0, "everything is appended at the end");
    look_around(store, bytes.size());
}

void try_records(load::Bytes bytes) {
    model::Store store;
    u64 stamp = 0;
    for (load::Bytes rest = bytes; rest.size() >= 24; rest = rest.subspan(24)) {
        trace::Record record{};
        std::memcpy(record.words, rest.data(), 24);
        u16 id = 1 + static_cast<u16>(record.words[0]) % trace::Events::count;
        u64 hart = record.words[0] >> 8 & 7;
        record.words[0] = (record.words[0] & ~u64{0xffff}) | id;
        record.stamp = stamp += 0x8000;
        store.append(record, static_cast<trace::HartId>(hart));
    }
    look_around(store, bytes.size());
}

void try_texts(load::Bytes bytes) {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::ignore = load::read_metadata(text);
    if (auto manifest = load::manifest_from(text))
        require(load::manifest_from(load::to_json(*manifest)).has_value(),
                "a manifest can be kept");
}

} // namespace fuzz
