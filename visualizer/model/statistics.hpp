// SPDX-License-Identifier: BSD-2-Clause
// What happened how often, and how long it took, in a range of events.
//
// Times are in clock ticks of the machine. Handler time is from IrqEnter to IrqExit, so it includes
// what interrupted the handler and, if it blocked, its wait. An LWP's CPU time includes the timer
// interrupts that it was the victim of, and not the handlers that borrowed its context.
#pragma once

#include "model/store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <memory>
#include <vector>

namespace model {

/// A set of durations, with a histogram: bar b counts those of 2^(b-1) to below 2^b ticks, bar 0
/// those of none at all.
struct Durations {
    static constexpr usize bars = 32;

    u64 count = 0, total = 0, longest = 0;
    std::array<u32, bars> histogram{};
    void add(u64 ticks) {
        histogram[std::min<usize>(bars - 1, static_cast<usize>(std::bit_width(ticks)))]++;
        count++;
        total += ticks;
        longest = ticks > longest ? ticks : longest;
    }
    [[nodiscard]] double mean() const {
        return count == 0 ? 0 : static_cast<double>(total) / static_cast<double>(count);
    }
};

struct LineStatistics {
    u64 claims = 0, deferred = 0, strays = 0;
    u64 borrowed = 0, dispatched = 0, inside = 0; // handlers begun, by model
    u64 run_outs = 0, throttles = 0;
    Durations completed;                    // handlers that never blocked
    Durations blocked;                      // handlers that did, with their wait
    Durations all;                          // both
    std::map<LockId, Durations> blocked_on; // from IrqBlock to LockAcquire
};

struct SoftintStatistics {
    Durations runs; // from SoftintRun to SoftintDone
    std::map<LockId, Durations> blocked_on;
};

struct CalloutStatistics {
    Durations runs; // from CalloutEnter to CalloutExit
    u64 late = 0;   // of them, those that ran at least a tick late
    u64 latest = 0; // in hardclock ticks
    u64 cancelled = 0, skipped = 0;
};

/// What a checker of the kernel's found.
struct ReportStatistics {
    usize event = 0; // its index
    ReportKind kind{};
    TextId text{};
};

struct LockStatistics {
    u64 acquisitions = 0, contended = 0, blocks = 0, spins = 0;
    Durations wait; // from LockBlock or LockSpin to LockAcquire
    Durations hold;
};

struct LwpStatistics {
    u64 ran = 0;        // clock ticks on a hart
    u64 dispatches = 0; // how often it began to run, borrowing included
};

struct Statistics {
    u64 first_time = 0, last_time = 0;
    std::array<u64, Events::count + 1> events{}; // by id
    std::array<u64, 7> switches{};               // by SwitchReason
    std::array<u64, 5> refusals{};               // by Refusal
    std::map<LineId, LineStatistics> lines;
    std::map<LockId, LockStatistics> locks;
    std::map<LwpId, LwpStatistics> lwps;
    std::map<SoftintId, SoftintStatistics> softints;
    std::map<CalloutId, CalloutStatistics> callouts;
    std::array<u64, 7> reports{};             // by ReportKind
    std::vector<ReportStatistics> reports_of; // the first `most_reports` of them

    static constexpr usize most_reports = 500;

    [[nodiscard]] u64 duration() const { return last_time - first_time; }
};

/// Takes events one after the other, so that a window can measure a long run in slices.
class Measurement {
public:
    /// `before`: the state before event `first`, which happens at `first_time`.
    Measurement(const State& before, usize first, u64 first_time);
    ~Measurement();
    Measurement(Measurement&&) noexcept;
    Measurement& operator=(Measurement&&) noexcept;

    void add(const Event& event);
    /// Over all events so far.
    [[nodiscard]] Statistics result() const;

private:
    class Counter;
    std::unique_ptr<Counter> counter_;
};

/// Statistics over the events from index `from` to before `to`.
[[nodiscard]] Statistics measure(Store& store, usize from, usize to);

} // namespace model
