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
#include <span>

namespace explore {

/// An event of a run and its hart.
struct Recorded {
    trace::Record record;
    u32 hart;
};

/// Says which rule a run that came to its end has broken, from its events, those of the boot before
/// them; nothing if none.
using Judge = std::function<std::string(std::span<const Recorded>)>;

class Runner {
public:
    explicit Runner(const Subject& subject);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] const Subject& subject() const { return subject_; }

    /// Ends runs after so many steps.
    void set_step_limit(u64 steps);
    /// Every run's events are kept, and judged.
    void set_judge(Judge judge) { judge_ = std::move(judge); }
    [[nodiscard]] const Judge& judge() const { return judge_; }
    /// In a process that goes on beside others: runs leave their log here, in memory that is shared
    /// if somebody else wants it, and their events where nobody else writes.
    void work_alone(RunLog& log);

    [[nodiscard]] Outcome run(Strategy& strategy);
    /// The same, with every point.
    [[nodiscard]] Outcome run(Strategy& strategy, std::vector<LoggedPoint>& points);
    [[nodiscard]] Outcome run_apart(Strategy& strategy);

    /// In a child, with its events, and what an announcer (announcer.hpp) adds to them.
    [[nodiscard]] Outcome record(const Departures& departures, const std::string& caption,
                                 std::vector<Recorded>& events);

private:
    Outcome run_with(Strategy& strategy, LoggedPoint* points, usize room);
    void judge_events(Outcome& outcome) const;
    Outcome apart(const std::function<Outcome()>& run);

    Subject subject_;
    Snapshot snapshot_;
    std::string refusal_;
    RunLog* log_;
    LoggedPoint* log_of_points_ = nullptr;
    Judge judge_;
    usize events_before_ = 0; // a run: those of the boot
};

/// Memory that children share with us, zeroed.
[[nodiscard]] void* shared_memory(usize bytes);

} // namespace explore
