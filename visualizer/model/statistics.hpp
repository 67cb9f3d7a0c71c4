// SPDX-License-Identifier: BSD-2-Clause
// What happened how often, and how long it took, in a range of events.
//
// Times are in clock ticks of the machine. Handler time is from IrqEnter to IrqExit, so it includes
// what interrupted the handler and, if it blocked, its wait. An LWP's CPU time includes the timer
// interrupts that it was the victim of, and not the handlers that borrowed its context.
#pragma once

#include "model/store.hpp"

#include <array>
#include <map>

namespace model {

/// A set of durations.
struct Durations {
    u64 count = 0, total = 0, longest = 0;
    void add(u64 ticks) {
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
    Durations completed; // handlers that never blocked
    Durations blocked;   // handlers that did, with their wait
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
    Durations softints; // from SoftintRun to SoftintDone
    Durations callouts; // from CalloutEnter to CalloutExit

    [[nodiscard]] u64 duration() const { return last_time - first_time; }
};

/// Statistics over the events from index `from` to before `to`.
[[nodiscard]] Statistics measure(Store& store, usize from, usize to);

} // namespace model
