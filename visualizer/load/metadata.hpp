// SPDX-License-Identifier: BSD-2-Clause
// The text that tells any CTF 1.8 reader how to read our packets, made from the event schema.
//
// Everything is declared byte-aligned, with the record's padding spelled out as fields called
// "_padding", because CTF would otherwise place a struct by its largest member. A stamp is declared
// as two integers: `order` and the 48 bits of time, which are mapped to the clock.
#pragma once

#include "lib/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace load {

/// The metadata file of a trace. `timebase` is in clock ticks per second.
[[nodiscard]] std::string ctf_metadata(u64 timebase);

/// What a metadata file says about itself.
struct MetadataFacts {
    u64 schema = 0;      // trace::schema of the program that wrote it
    unsigned events = 0; // how many kinds of events it declares
};
/// Nothing if this is not the metadata of a trace of ours.
[[nodiscard]] std::optional<MetadataFacts> read_metadata(std::string_view text);

/// docs/events.md: every event with its fields, group and sentence.
[[nodiscard]] std::string events_document();

} // namespace load
