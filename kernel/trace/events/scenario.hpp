// SPDX-License-Identifier: BSD-2-Clause
// Events by which a scenario, a lab or an SPL operation speaks for itself. See ../events.hpp for
// the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

/// A chapter of the scenario begins.
struct Phase {
    TextId text;
    static constexpr Info info{"phase", Group::scenario, "{text}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("text", event.text);
    }
};

/// A fact worth keeping, with a number.
struct Mark {
    TextId text;
    u64 value;
    static constexpr Info info{"mark", Group::scenario, "{text}: {value}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("text", event.text);
        field("value", event.value);
    }
};

/// A scenario's or a lab's own check.
struct Check {
    TextId text;
    u32 passed;
    u64 value;
    static constexpr Info info{"check", Group::scenario, "check \"{text}\": {passed}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("text", event.text);
        field("passed", event.passed);
        field("value", event.value);
    }
};

/// The scenario's last word.
struct Verdict {
    TextId text;
    u32 passed;
    static constexpr Info info{"verdict", Group::scenario, "verdict: {text}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("text", event.text);
        field("passed", event.passed);
    }
};

struct SplRaise {
    Level from;
    Level to;
    static constexpr Info info{"spl_raise", Group::spl,
                               "{hart} raises its level from {from} to {to}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("from", event.from);
        field("to", event.to);
    }
};

struct SplLower {
    Level from;
    Level to;
    static constexpr Info info{"spl_lower", Group::spl,
                               "{hart} lowers its level from {from} to {to}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("from", event.from);
        field("to", event.to);
    }
};

/// The level was told to the hardware: a threshold or an interrupt-enable bit was written. `writes`
/// counts all of this hart's.
struct SplWrite {
    Level level;
    u32 writes;
    static constexpr Info info{"spl_write", Group::spl,
                               "{hart} tells the hardware of level {level} (write {writes})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("level", event.level);
        field("writes", event.writes);
    }
};

/// A checker found a mistake, and the kernel goes on.
struct Report {
    ReportKind kind;
    TextId text;
    static constexpr Info info{"report", Group::meta, "report ({kind}): {text}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("kind", event.kind);
        field("text", event.text);
    }
};

} // namespace trace
