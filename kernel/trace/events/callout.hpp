// SPDX-License-Identifier: BSD-2-Clause
// Events about callouts and their wheel. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

struct CalloutInit {
    CalloutId callout;
    LockId lock;
    u8 fast;
    static constexpr Info info{"callout_init", Group::callout, "{callout} is initialised"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("lock", event.lock);
        field("fast", event.fast);
    }
};

/// Armed (again). `due` is in hardclock ticks of `on`.
struct CalloutReset {
    CalloutId callout;
    HartId on;
    u16 was_pending;
    u64 due;
    static constexpr Info info{"callout_reset", Group::callout,
                               "{callout} will fire at tick {due} on {on}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("on", event.on);
        field("was_pending", event.was_pending);
        field("due", event.due);
    }
};

struct CalloutStop {
    CalloutId callout;
    CalloutResult result;
    static constexpr Info info{"callout_stop", Group::callout, "{lwp} stops {callout} ({result})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("result", event.result);
    }
};

/// The function starts.
struct CalloutEnter {
    CalloutId callout;
    u32 late;
    u64 tick;
    static constexpr Info info{"callout_enter", Group::callout, "{lwp} runs {callout}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("late", event.late);
        field("tick", event.tick);
    }
};

struct CalloutExit {
    CalloutId callout;
    static constexpr Info info{"callout_exit", Group::callout, "{callout} is done"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
    }
};

/// halt or drain waits for the running function. Sleep follows.
struct CalloutWait {
    CalloutId callout;
    LwpId runner;
    static constexpr Info info{"callout_wait", Group::callout,
                               "{lwp} waits until {runner} is done with {callout}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("runner", event.runner);
    }
};

struct CalloutDestroy {
    CalloutId callout;
    static constexpr Info info{"callout_destroy", Group::callout, "{callout} is destroyed"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
    }
};

/// Where the callout lies on the wheel: on arming, and each time that it comes down a level.
struct CalloutPlace {
    CalloutId callout;
    HartId on;
    u8 level;
    u8 bucket;
    static constexpr Info info{
        "callout_place", Group::callout,
        "{callout} goes to level {level}, bucket {bucket} of the wheel of {on}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("on", event.on);
        field("level", event.level);
        field("bucket", event.bucket);
    }
};

/// A callout that is due leaves the wheel: it is in flight until CalloutDone. Its lock, if it has
/// one, is taken between here and CalloutEnter.
struct CalloutTake {
    CalloutId callout;
    LockId lock;
    static constexpr Info info{"callout_take", Group::callout,
                               "{lwp} takes {callout} off the wheel of {hart}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("lock", event.lock);
    }
};

/// It was stopped while its lock was waited for: the function is not called.
struct CalloutSkip {
    CalloutId callout;
    static constexpr Info info{"callout_skip", Group::callout,
                               "{callout} was stopped in time: its function is not called"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
    }
};

/// In flight no more: its function and its lock are done, and nobody will touch it again.
struct CalloutDone {
    CalloutId callout;
    static constexpr Info info{"callout_done", Group::callout, "{callout} is in flight no more"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
    }
};

/// callout_drain or callout_drain_async began, and this is what it found.
struct CalloutDrain {
    CalloutId callout;
    CalloutResult result;
    u8 asynchronous;
    static constexpr Info info{"callout_drain", Group::callout,
                               "{lwp} drains {callout} ({result})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("result", event.result);
        field("asynchronous", event.asynchronous);
    }
};

/// The function that drain_async was given is called: nothing is in flight.
struct CalloutDrained {
    CalloutId callout;
    static constexpr Info info{"callout_drained", Group::callout, "{callout} is drained"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
    }
};

/// `callout=spin`: the caller burns time until the function has returned.
struct CalloutSpin {
    CalloutId callout;
    LwpId runner;
    static constexpr Info info{"callout_spin", Group::callout,
                               "{lwp} spins until {runner} is done with {callout}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("runner", event.runner);
    }
};

/// A callout changes harts, pending or not.
struct CalloutMove {
    CalloutId callout;
    HartId from;
    HartId to;
    static constexpr Info info{"callout_move", Group::callout,
                               "{callout} moves from the wheel of {from} to that of {to}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("from", event.from);
        field("to", event.to);
    }
};

} // namespace trace
