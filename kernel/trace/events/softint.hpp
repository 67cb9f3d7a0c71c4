// SPDX-License-Identifier: BSD-2-Clause
// Events about soft interrupts. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

struct SoftintEstablish {
    SoftintId softint;
    Level level;
    static constexpr Info info{"softint_establish", Group::softint,
                               "{softint} is established at level {level}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("softint", event.softint);
        field("level", event.level);
    }
};

struct SoftintDisestablish {
    SoftintId softint;
    static constexpr Info info{"softint_disestablish", Group::softint,
                               "{softint} is disestablished"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("softint", event.softint);
    }
};

/// `coalesced` is 1 if it was pending already.
struct SoftintSchedule {
    SoftintId softint;
    Level level;
    u8 coalesced;
    static constexpr Info info{"softint_schedule", Group::softint, "{lwp} schedules {softint}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("softint", event.softint);
        field("level", event.level);
        field("coalesced", event.coalesced);
    }
};

/// The level's LWP borrows the context of `victim` (none: it was dispatched as an ordinary LWP).
struct SoftintEnter {
    LwpId handler;
    LwpId victim;
    Level level;
    static constexpr Info info{"softint_enter", Group::softint,
                               "{handler} borrows the context of {victim} on {hart}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("handler", event.handler);
        field("victim", event.victim);
        field("level", event.level);
    }
};

/// One handler starts.
struct SoftintRun {
    SoftintId softint;
    static constexpr Info info{"softint_run", Group::softint, "{lwp} runs {softint}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("softint", event.softint);
    }
};

struct SoftintDone {
    SoftintId softint;
    static constexpr Info info{"softint_done", Group::softint, "{softint} is done"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("softint", event.softint);
    }
};

struct SoftintBlock {
    LwpId handler;
    LwpId victim;
    LockId lock;
    static constexpr Info info{"softint_block", Group::softint,
                               "{handler} blocks on {lock}; {victim} resumes"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("handler", event.handler);
        field("victim", event.victim);
        field("lock", event.lock);
    }
};

/// `blocked` as in IrqExit.
struct SoftintExit {
    LwpId handler;
    LwpId victim;
    u16 blocked;
    static constexpr Info info{"softint_exit", Group::softint, "{handler} has no more to do"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("handler", event.handler);
        field("victim", event.victim);
        field("blocked", event.blocked);
    }
};

} // namespace trace
