// SPDX-License-Identifier: BSD-2-Clause
// The text that tells any CTF 1.8 reader how to read our packets, made from the event schema.
//
// Everything is declared byte-aligned, with the record's padding spelled out as fields called
// "_padding", because CTF would otherwise place a struct by its largest member. The clock counts
// stamps: 65536 for each tick of the machine's clock. (babeltrace2 merges streams by nanoseconds,
// so it may swap events of different harts that are less than one apart; within a hart nothing
// moves.)
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
