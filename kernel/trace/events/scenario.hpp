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
    static constexpr void describe(auto& event, auto&& field) { field("text", event.text); }
};

/// A fact worth keeping, with a number.
struct Mark {
    TextId text;
    u64 value;
    static constexpr Info info{"mark", Group::scenario, "{text}: {value}"};
    static constexpr void describe(auto& event, auto&& field) {
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
    static constexpr void describe(auto& event, auto&& field) {
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
    static constexpr void describe(auto& event, auto&& field) {
        field("text", event.text);
        field("passed", event.passed);
    }
};

struct SplRaise {
    Level from;
    Level to;
    static constexpr Info info{"spl_raise", Group::spl,
                               "{hart} raises its level from {from} to {to}"};
    static constexpr void describe(auto& event, auto&& field) {
        field("from", event.from);
        field("to", event.to);
    }
};

struct SplLower {
    Level from;
    Level to;
    static constexpr Info info{"spl_lower", Group::spl,
                               "{hart} lowers its level from {from} to {to}"};
    static constexpr void describe(auto& event, auto&& field) {
        field("from", event.from);
        field("to", event.to);
    }
};

} // namespace trace
