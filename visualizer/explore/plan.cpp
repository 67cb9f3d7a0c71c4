// SPDX-License-Identifier: BSD-2-Clause
#include "explore/plan.hpp"

namespace explore {

namespace {

std::optional<Outcome> run_once(Strategy& strategy, Runner& runner, Tally& tally) {
    Outcome outcome = runner.run(strategy);
    tally.schedules++;
    tally.points += outcome.points;
    return outcome.failed() ? std::optional(outcome) : std::nullopt;
}

} // namespace

std::optional<Outcome> RandomPlan::work(u64 item, Runner& runner, Tally& tally) {
    RandomStrategy strategy(first_seed_ + item);
    return run_once(strategy, runner, tally);
}

std::optional<Outcome> SparsePlan::work(u64 item, Runner& runner, Tally& tally) {
    SparseStrategy strategy(item + 1, count_, length_);
    auto failure = run_once(strategy, runner, tally);
    return failure && failure->ending == wanted_ ? failure : std::nullopt;
}

std::optional<Outcome> PctPlan::work(u64 item, Runner& runner, Tally& tally) {
    PctStrategy strategy(first_seed_ + item, depth_, length_);
    return run_once(strategy, runner, tally);
}

} // namespace explore
