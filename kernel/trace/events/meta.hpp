// SPDX-License-Identifier: BSD-2-Clause
// Events about the run and the trace itself. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

/// The first event of hart 0. `timebase` is in clock ticks of the machine per second.
struct Boot {
    u16 harts;
    u16 hz;
    u64 timebase;
    u64 schema;
    static constexpr Info info{
        "boot", Group::meta, "the kernel starts with {harts} harts and {hz} clock ticks a second"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("harts", event.harts);
        field("hz", event.hz);
        field("timebase", event.timebase);
        field("schema", event.schema);
    }
};

/// Names an object before its first use. A name of 16 bytes or more continues in the next Name of
/// that object.
struct Name {
    u32 object;
    Text text;
    static constexpr Info info{"name", Group::meta, "{object} is called \"{text}\""};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("object", event.object);
        field("text", event.text);
    }
};

/// What follows until SnapshotEnd states the whole machine anew, for a reader who came late or lost
/// events.
struct SnapshotBegin {
    u32 generation;
    static constexpr Info info{"snapshot_begin", Group::meta,
                               "a snapshot of the whole machine begins"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("generation", event.generation);
    }
};

struct SnapshotEnd {
    u32 generation;
    static constexpr Info info{"snapshot_end", Group::meta, "the snapshot ends"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("generation", event.generation);
    }
};

/// Lossless mode: this hart waited for the trace's reader. Not the workload's time.
struct ReaderWait {
    u32 packets;
    u64 ticks;
    static constexpr Info info{"reader_wait", Group::meta,
                               "{hart} waited {ticks} ticks for the reader of the trace"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("packets", event.packets);
        field("ticks", event.ticks);
    }
};

/// `message` is a text. Nothing but the end of the trace follows.
struct Panic {
    TextId message;
    static constexpr Info info{"panic", Group::meta, "panic: {message}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("message", event.message);
    }
};

/// The kernel ends; `code` is its exit status.
struct Halt {
    u32 code;
    static constexpr Info info{"halt", Group::meta, "the kernel ends with status {code}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("code", event.code);
    }
};

} // namespace trace
