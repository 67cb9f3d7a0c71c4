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
    static constexpr void describe(auto& event, auto&& field) {
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
    static constexpr void describe(auto& event, auto&& field) {
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
    static constexpr void describe(auto& event, auto&& field) {
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
    static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("late", event.late);
        field("tick", event.tick);
    }
};

struct CalloutExit {
    CalloutId callout;
    static constexpr Info info{"callout_exit", Group::callout, "{callout} is done"};
    static constexpr void describe(auto& event, auto&& field) { field("callout", event.callout); }
};

/// halt or drain waits for the running function. Sleep follows.
struct CalloutWait {
    CalloutId callout;
    LwpId runner;
    static constexpr Info info{"callout_wait", Group::callout,
                               "{lwp} waits until {runner} is done with {callout}"};
    static constexpr void describe(auto& event, auto&& field) {
        field("callout", event.callout);
        field("runner", event.runner);
    }
};

struct CalloutDestroy {
    CalloutId callout;
    static constexpr Info info{"callout_destroy", Group::callout, "{callout} is destroyed"};
    static constexpr void describe(auto& event, auto&& field) { field("callout", event.callout); }
};

} // namespace trace
