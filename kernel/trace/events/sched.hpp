// SPDX-License-Identifier: BSD-2-Clause
// Events about LWPs, run queues, sleep queues and priorities. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

/// `home` is HartId::none for an LWP that may run anywhere.
struct LwpCreate {
    LwpId subject;
    HartId home;
    LwpKind kind;
    LwpState state;
    Priority priority;
    static constexpr Info info{"lwp_create", Group::sched,
                               "{subject} exists, with priority {priority}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
        field("home", event.home);
        field("kind", event.kind);
        field("state", event.state);
        field("priority", event.priority);
    }
};

struct LwpExit {
    LwpId subject;
    static constexpr Info info{"lwp_exit", Group::sched, "{subject} has exited"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
    }
};

/// An LWP enters a run queue. `at_head` is 1 for one that was preempted before its quantum was
/// over.
struct Runnable {
    LwpId subject;
    HartId on;
    Priority priority;
    u16 at_head;
    static constexpr Info info{"runnable", Group::sched,
                               "{subject} is runnable on {on} with priority {priority}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
        field("on", event.on);
        field("priority", event.priority);
        field("at_head", event.at_head);
    }
};

/// An idle hart takes an LWP from another hart's run queue.
struct Steal {
    LwpId subject;
    HartId from;
    HartId to;
    static constexpr Info info{"steal", Group::sched,
                               "{to} takes {subject} from the run queue of {from}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
        field("from", event.from);
        field("to", event.to);
    }
};

/// mi_switch: `next` leaves the run queue (or idles) and runs; `previous` is in `state` now.
struct Switch {
    LwpId previous;
    LwpId next;
    LwpState state;
    SwitchReason reason;
    Priority next_priority;
    static constexpr Info info{"switch", Group::sched,
                               "mi_switch from {previous} ({reason}) to {next}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("previous", event.previous);
        field("next", event.next);
        field("state", event.state);
        field("reason", event.reason);
        field("next_priority", event.next_priority);
    }
};

/// Effective priority is the larger of own and inherited.
struct PriorityChange {
    LwpId subject;
    Priority own;
    Priority inherited;
    Priority effective;
    static constexpr Info info{
        "priority_change", Group::sched,
        "{subject} now has priority {effective} (own {own}, inherited {inherited})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
        field("own", event.own);
        field("inherited", event.inherited);
        field("effective", event.effective);
    }
};

/// The current LWP enters the sleep queue of a channel. `deadline` is in hardclock ticks, 0 for
/// none.
struct Sleep {
    ChannelId channel;
    u64 deadline;
    static constexpr Info info{"sleep", Group::sched, "{lwp} sleeps on {channel}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("channel", event.channel);
        field("deadline", event.deadline);
    }
};

/// An LWP leaves a sleep queue; Runnable follows.
struct Unsleep {
    ChannelId channel;
    LwpId subject;
    WakeReason reason;
    static constexpr Info info{"unsleep", Group::sched,
                               "{subject} stops sleeping on {channel} ({reason})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("channel", event.channel);
        field("subject", event.subject);
        field("reason", event.reason);
    }
};

/// A more urgent LWP is ready: `target` is asked to switch at its next chance.
struct Resched {
    HartId target;
    LwpId subject;
    Priority priority;
    static constexpr Info info{"resched", Group::sched, "{target} should switch to {subject}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("target", event.target);
        field("subject", event.subject);
        field("priority", event.priority);
    }
};

/// The switch that Resched asked for cannot happen now.
struct PreemptRefused {
    LwpId subject;
    Refusal why;
    static constexpr Info info{"preempt_refused", Group::sched,
                               "preemption of {subject} is refused ({why})"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("subject", event.subject);
        field("why", event.why);
    }
};

struct Ipi {
    HartId target;
    static constexpr Info info{"ipi", Group::sched,
                               "{hart} sends an inter-processor interrupt to {target}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("target", event.target);
    }
};

/// hardclock on this hart.
struct Tick {
    u32 count;
    static constexpr Info info{"tick", Group::sched, "clock tick {count} on {hart}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("count", event.count);
    }
};

} // namespace trace
