// SPDX-License-Identifier: BSD-2-Clause
// Events about interrupt lines and interrupt LWPs. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

/// A handler is registered. `flags`: 1 threaded, 2 mpsafe, 4 shared.
struct LineAttach {
    LineId line;
    Level level;
    u8 flags;
    HartId route;
    static constexpr Info info{"line_attach", Group::irq,
                               "a handler is attached to {line} at level {level}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("level", event.level);
        field("flags", event.flags);
        field("route", event.route);
    }
};

/// The PLIC handed the line to this hart: it delivers no more of it until LineComplete.
struct LineClaim {
    LineId line;
    Level level;
    static constexpr Info info{"line_claim", Group::irq, "{hart} claims {line}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("level", event.level);
    }
};

/// The hart's level is too high for this line: claimed, recorded, replayed when the level falls.
struct LineDefer {
    LineId line;
    Level level;
    Level current;
    static constexpr Info info{"line_defer", Group::irq,
                               "{line} has to wait until {hart} falls below level {level}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("level", event.level);
        field("current", event.current);
    }
};

/// The claim is given back: the line can interrupt again.
struct LineComplete {
    LineId line;
    static constexpr Info info{"line_complete", Group::irq, "{hart} completes {line}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
    }
};

/// An interrupt without a reason: claim 0, or no handler knew it.
struct LineStray {
    LineId line;
    u32 count;
    static constexpr Info info{"line_stray", Group::irq, "stray interrupt on {line}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("count", event.count);
    }
};

/// Nobody owns the line, or it stormed.
struct LineDisable {
    LineId line;
    u32 strays;
    static constexpr Info info{"line_disable", Group::irq,
                               "{line} is disabled after {strays} stray interrupts"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("strays", event.strays);
    }
};

/// The handler starts. In the borrow model `handler` borrowed the context of `victim`, which is
/// pinned.
struct IrqEnter {
    LineId line;
    LwpId handler;
    LwpId victim;
    Level level;
    Model model;
    static constexpr Info info{"irq_enter", Group::irq,
                               "{line}: {handler} borrows the context of {victim} on {hart}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("handler", event.handler);
        field("victim", event.victim);
        field("level", event.level);
        field("model", event.model);
    }
};

/// The handler blocks on a lock: its victim resumes, the line stays masked.
struct IrqBlock {
    LineId line;
    LwpId handler;
    LwpId victim;
    LockId lock;
    static constexpr Info info{"irq_block", Group::irq,
                               "{handler} blocks on {lock} in the handler of {line}; {victim} "
                               "resumes, {line} stays masked"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("handler", event.handler);
        field("victim", event.victim);
        field("lock", event.lock);
    }
};

/// The handler is done. `blocked` is 1 if it had blocked and finished as an ordinary LWP; then no
/// victim waits.
struct IrqExit {
    LineId line;
    LwpId handler;
    LwpId victim;
    u16 blocked;
    static constexpr Info info{"irq_exit", Group::irq, "{handler} is done with {line}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("handler", event.handler);
        field("victim", event.victim);
        field("blocked", event.blocked);
    }
};

/// Every interrupt LWP of the level on this hart is blocked, and a line of that level waits.
struct RunOut {
    LineId line;
    Level level;
    u32 blocked;
    static constexpr Info info{"run_out", Group::irq,
                               "no interrupt LWP of level {level} is left on {hart}: {line} waits"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("level", event.level);
        field("blocked", event.blocked);
    }
};

/// A line that storms is held off (`on` 1), and let go again (`on` 0). `interrupts` came meanwhile
/// or before.
struct LineThrottle {
    LineId line;
    u16 on;
    u32 interrupts;
    static constexpr Info info{"line_throttle", Group::irq,
                               "{line} is throttled ({on}) after {interrupts} interrupts"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("on", event.on);
        field("interrupts", event.interrupts);
    }
};

/// A handler is taken off the line; `left` handlers remain.
struct LineDetach {
    LineId line;
    u32 left;
    static constexpr Info info{"line_detach", Group::irq,
                               "a handler is detached from {line}, {left} remain"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("line", event.line);
        field("left", event.left);
    }
};

/// `mask=level`: while a handler is blocked, this hart takes no line at or below the level.
struct BaseLevel {
    Level level;
    static constexpr Info info{"base_level", Group::irq,
                               "{hart} holds off every line at or below level {level}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("level", event.level);
    }
};

/// The timer interrupt.
struct TimerEnter {
    LwpId victim;
    static constexpr Info info{"timer_enter", Group::irq, "the timer interrupts {victim}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("victim", event.victim);
    }
};

struct TimerExit {
    LwpId victim;
    static constexpr Info info{"timer_exit", Group::irq,
                               "back from the timer interrupt to {victim}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("victim", event.victim);
    }
};

} // namespace trace
