// SPDX-License-Identifier: BSD-2-Clause
// The runner: boots the kernel that is linked into this program once, up to where the workload
// begins, and then runs it from there as often as wanted, each time under another strategy.
//
//   Runner runner(subject);
//   if (!runner.refusal().empty()) …            what the kernel says of its boot parameters
//   RandomStrategy strategy(seed);
//   Outcome outcome = runner.run(strategy);      in this process: tens of thousands a second
//   Outcome again = runner.run_apart(fixed);     in a child: survives what a sanitizer does not
//
// Rules
//   - One runner per process (the kernel's variables are there once).
// Read next: snapshot.hpp, search.hpp
#pragma once

#include "explore/outcome.hpp"
#include "explore/pilot.hpp"
#include "explore/snapshot.hpp"
#include "trace/record.hpp"

#include <functional>

namespace explore {

/// An event of a run and its hart.
struct Recorded {
    trace::Record record;
    u32 hart;
};

class Runner {
public:
    explicit Runner(const Subject& subject);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] const Subject& subject() const { return subject_; }

    /// Ends runs after so many steps.
    void set_step_limit(u64 steps);
    /// Where runs leave their log; memory that is shared, if somebody else wants it.
    void set_log(RunLog* log) { log_ = log; }

    [[nodiscard]] Outcome run(Strategy& strategy);
    /// The same, with every point.
    [[nodiscard]] Outcome run(Strategy& strategy, std::vector<LoggedPoint>& points);
    [[nodiscard]] Outcome run_apart(Strategy& strategy);

    /// In a child, with its events, and what an announcer (announcer.hpp) adds to them.
    [[nodiscard]] Outcome record(const Departures& departures, const std::string& caption,
                                 std::vector<Recorded>& events);

private:
    Outcome run_with(Strategy& strategy, LoggedPoint* points, usize room);
    Outcome apart(const std::function<Outcome()>& run);

    Subject subject_;
    Snapshot snapshot_;
    std::string refusal_;
    RunLog* log_;
    LoggedPoint* log_of_points_ = nullptr;
};

/// Memory that children share with us, zeroed.
[[nodiscard]] void* shared_memory(usize bytes);

} // namespace explore
