// SPDX-License-Identifier: BSD-2-Clause
// Events about mutexes, RW locks, turnstiles and lent priority. See ../events.hpp for the rules.
#pragma once

#include "trace/event.hpp"

namespace trace {

/// `level` is the interrupt priority level that the lock is used at.
struct LockInit {
    LockId lock;
    LockKind kind;
    Level level;
    static constexpr Info info{"lock_init", Group::lock, "{lock} is initialised as {kind}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("kind", event.kind);
        field("level", event.level);
    }
};

struct LockDestroy {
    LockId lock;
    static constexpr Info info{"lock_destroy", Group::lock, "{lock} is destroyed"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
    }
};

/// The current LWP holds the lock from here on.
struct LockAcquire {
    LockId lock;
    Hold hold;
    u8 contended;
    static constexpr Info info{"lock_acquire", Group::lock, "{lwp} acquires {lock}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("hold", event.hold);
        field("contended", event.contended);
    }
};

struct LockRelease {
    LockId lock;
    Hold hold;
    u8 waiters;
    static constexpr Info info{"lock_release", Group::lock, "{lwp} releases {lock}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("hold", event.hold);
        field("waiters", event.waiters);
    }
};

/// The lock's owner runs on another hart, so waiting for it actively is cheaper than blocking.
struct LockSpin {
    LockId lock;
    LwpId owner;
    static constexpr Info info{"lock_spin", Group::lock,
                               "{lwp} spins for {lock}, because {owner} holds it and is running"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("owner", event.owner);
    }
};

/// The current LWP enters the turnstile of the lock.
struct LockBlock {
    LockId lock;
    LwpId owner;
    Hold hold;
    static constexpr Info info{"lock_block", Group::lock,
                               "{lwp} blocks on {lock}, which {owner} holds"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("owner", event.owner);
        field("hold", event.hold);
    }
};

/// An LWP leaves the turnstile; Runnable follows.
struct LockWake {
    LockId lock;
    LwpId subject;
    static constexpr Info info{"lock_wake", Group::lock,
                               "{subject} is woken from the turnstile of {lock}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("subject", event.subject);
    }
};

/// Priority inheritance: waiters of `lock` lend `priority` to its owner. PriorityChange follows if
/// it matters.
struct Lend {
    LockId lock;
    LwpId from;
    LwpId to;
    Priority priority;
    static constexpr Info info{"lend", Group::lock,
                               "{from} lends priority {priority} to {to} through {lock}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("from", event.from);
        field("to", event.to);
        field("priority", event.priority);
    }
};

/// The owner of `lock` no longer inherits through it.
struct Unlend {
    LockId lock;
    LwpId from;
    static constexpr Info info{"unlend", Group::lock,
                               "{from} gives back the priority lent through {lock}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
        field("from", event.from);
    }
};

/// A reader becomes the writer, without a gap.
struct LockUpgrade {
    LockId lock;
    static constexpr Info info{"lock_upgrade", Group::lock,
                               "{lwp} upgrades its hold of {lock} from shared to exclusive"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
    }
};

/// The writer becomes a reader, without a gap.
struct LockDowngrade {
    LockId lock;
    static constexpr Info info{"lock_downgrade", Group::lock,
                               "{lwp} downgrades its hold of {lock} from exclusive to shared"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("lock", event.lock);
    }
};

/// A semaphore's value after a post or a wait. Its waiters sleep on `channel`.
struct SemaphoreValue {
    ChannelId channel;
    u32 value;
    static constexpr Info info{"semaphore_value", Group::lock, "{channel} now counts {value}"};
    [[gnu::always_inline]] static constexpr void describe(auto& event, auto&& field) {
        field("channel", event.channel);
        field("value", event.value);
    }
};

} // namespace trace
