// SPDX-License-Identifier: BSD-2-Clause
// The machine's state at one instant, as events tell it.
//
// A State is a value: copy it to make a key frame, apply() events to move it forward. It contains
// only what events said; what no event has said yet is `known == false` and is drawn as unknown.
// Whatever contradicts the state ("LWP 7 runs on two harts") is not asserted but counted and
// reported, because after a loss of events or from a hostile trace anything can come.
//
// Invariants (checked by check(), tested by tests/model)
//   (1) An LWP is in exactly one place: on a hart, pinned on a hart, on one run queue, on one sleep
//       queue, in one turnstile, or idle. State and place differ for a few events only: after
//       Sleep, LockBlock, Runnable and LwpExit the LWP still is the hart's running one until Switch
//       (or IrqBlock, SoftintBlock); after Unsleep and LockWake it is nowhere until Runnable.
//   (2) A hart has one running LWP; the LWPs pinned beneath it form a stack, in order of
//       interruption.
//   (3) A lock with an exclusive owner has no shared holders.
//   (4) A run queue and a turnstile are sorted by effective priority, most urgent first.
// Read next: transition.hpp (what each event does), store.hpp
#pragma once

#include "trace/events.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace model {

using namespace trace; // the vocabulary of events is the vocabulary of the model

constexpr unsigned max_harts = 8;
constexpr u32 max_lwps = 4096;    // ids above are reported as invalid, never used as an index
constexpr u32 max_objects = 4096; // likewise for locks, channels, callouts, softints, lines

/// A spin mutex that an LWP holds, and the level to which it goes back.
struct Raise {
    LockId lock{};
    Level before = 0;
};

struct Lwp {
    bool known = false;
    LwpId id{};
    LwpKind kind{};
    LwpState state = LwpState::idle;
    HartId home = HartId::none; // bound here, or none
    HartId hart = HartId::none; // where it runs, is pinned or is queued
    Priority own = 0, inherited = 0, effective = 0;
    LockId blocked_on{};   // state blocked
    Hold wants{};          // how it waits at blocked_on
    ChannelId sleeps_on{}; // state sleeping
    u64 deadline = 0;      // of a timed sleep, in hardclock ticks
    LineId line{};         // interrupt LWP: the line whose handler it runs or blocked in
    SoftintId softint{};   // softint LWP: the handler that runs
    CalloutId callout{};   // softclock LWP: the callout that runs
    Level level = 0;       // interrupt priority level that it runs at, or will when it goes on
    bool spinning = false; // waits actively for spinning_for
    LockId spinning_for{};
    std::vector<LockId> holds; // in order of acquisition
    std::vector<Raise> raises; // likewise
    u64 since = 0;             // stamp of the event that brought it into this state
};

/// A handler without an LWP of its own, the LWP that it runs inside, and that one's level without
/// it.
struct Guest {
    LineId line{}; // none: softints
    LwpId host{};
    Level before = 0;
};

struct Hart {
    bool known = false;
    LwpId running{};
    std::vector<LwpId> pinned;    // bottom (interrupted first) to top
    std::vector<LwpId> run_queue; // in the order in which they would run
    std::vector<Guest> guests;    // model=classic, and above lock_level: innermost last
    LwpId resched_for{};          // a pending request to switch
    Refusal refused{};
    bool refusal_pending = false;
    bool in_timer = false;
    u32 ticks = 0;
    Level level = 0;      // of what runs
    Level base_level = 0; // `mask=level`: lines at or below it are held off
    u32 spl_writes = 0;   // of its level, to the hardware
    u64 discarded = 0;    // events lost on this hart so far
};

struct Lock {
    bool known = false;
    LockKind kind{};
    Level level = 0;
    LwpId owner{};              // exclusive
    std::vector<LwpId> shared;  // readers, each once per hold
    std::vector<LwpId> waiters; // turnstile: most urgent first, then in order of arrival
    std::vector<LwpId> spinners;
    LwpId lender{}; // highest waiter that lends through this lock
    LwpId lent_to{};
    Priority lent = 0;
    u32 acquisitions = 0, contentions = 0;
};

struct Channel {
    bool known = false;
    bool counts = false;         // it is a semaphore's
    u32 value = 0;               // of the semaphore
    std::vector<LwpId> sleepers; // in order of arrival
};

enum class LineState : u8 { unknown, ready, claimed, deferred, in_handler, blocked, disabled };

struct Line {
    bool known = false;
    LineState state = LineState::unknown;
    Level level = 0;
    u8 flags = 0;
    HartId route = HartId::none;
    LwpId handler{}; // while in_handler or blocked
    LockId blocked_on{};
    u32 interrupts = 0, blocked_count = 0, strays = 0;
    bool throttled = false;
};

struct Softint {
    bool known = false;
    Level level = 0;
    u8 pending = 0, running = 0; // on which harts: bit h. Each hart queues and runs it for itself.
    u32 runs = 0, coalesced = 0;
};

struct Callout {
    bool known = false;
    bool fast = false;
    LockId lock{};
    bool pending = false;   // on the wheel
    bool in_flight = false; // off the wheel, and not done yet
    bool running = false;   // its function
    HartId on = HartId::none;
    u64 due = 0;
    bool placed = false; // level and bucket are known
    u8 wheel_level = 0, bucket = 0;
    LwpId runner{}, waiter{};
    u32 fired = 0;
};

struct State {
    u16 hart_count = 0;
    u32 hz = 0;
    u64 timebase = 0;
    bool booted = false, halted = false, panicked = false;
    u32 exit_status = 0;
    TextId panic_message{}, phase{}, verdict{};
    TextId report{}; // the last one
    ReportKind report_kind{};
    u64 report_stamp = 0;
    u32 reports = 0;
    bool verdict_passed = false;
    bool in_snapshot = false;
    bool uncertain = false; // events were lost, and no snapshot has put things right since
    u64 stamp = 0;          // of the last event applied
    std::array<Hart, max_harts> harts;
    std::vector<Lwp> lwps;   // index = id; lwps[0] is never known
    std::vector<Lock> locks; // likewise
    std::vector<Channel> channels;
    std::vector<Line> lines;
    std::vector<Softint> softints;
    std::vector<Callout> callouts;

    /// Applies one event. Returns what is impossible about it, in a sentence without names' markup,
    /// if anything; the event is then applied as far as it makes sense.
    std::optional<std::string> apply(const Record& record, HartId hart);

    /// Notes that `count` events of this hart never reached the trace. Until the next snapshot the
    /// state may be wrong, so nothing counts as impossible.
    void lose(HartId hart, u64 count);

    /// All broken invariants, a sentence each. Empty for a state that can be.
    [[nodiscard]] std::vector<std::string> check() const;

    [[nodiscard]] usize memory() const; // bytes

    /// The line whose handler runs inside this LWP, innermost; none if there is none.
    [[nodiscard]] LineId guest_of(const Lwp& host) const;

    /// The object with this id, or null if no event has told of it.
    [[nodiscard]] const Lwp* lwp(LwpId id) const;
    [[nodiscard]] const Lock* lock(LockId id) const;
    [[nodiscard]] const Channel* channel(ChannelId id) const;
    [[nodiscard]] const Line* line(LineId id) const;
    [[nodiscard]] const Softint* softint(SoftintId id) const;
    [[nodiscard]] const Callout* callout(CalloutId id) const;
};

} // namespace model
