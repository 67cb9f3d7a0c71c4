// SPDX-License-Identifier: BSD-2-Clause
#include "explore/deepening.hpp"

#include <algorithm>

namespace explore {

namespace {

void add(Found& sum, const Found& found, unsigned bound) {
    Found before = sum;
    sum = found;
    sum.schedules += before.schedules;
    sum.pruned += before.pruned;
    sum.points += before.points;
    sum.seconds += before.seconds;
    sum.number += before.schedules;
    sum.bound = bound;
    sum.of_bound = found.schedules;
}

Limits left_of(const Limits& limits, const Found& sum) {
    Limits left = limits;
    if (limits.seconds > 0)
        left.seconds = std::max(limits.seconds - sum.seconds, 0.001);
    if (limits.schedules != no_limit)
        left.schedules = limits.schedules - sum.schedules;
    return left;
}

} // namespace

Found deepen(Runner& runner, u64 length, const Deepening& how, const Limits& limits,
             const DeepeningWatch& watch) {
    Found sum;
    for (unsigned bound = how.from; bound <= how.to; bound++) {
        ExhaustivePlan plan(bound, length, how.pruning, how.wanted);
        Found found = search(plan, runner, left_of(limits, sum),
                             watch.progress ? watch.progress(bound, sum) : Progress{});
        add(sum, found, bound);
        if (found.failure || !found.complete)
            break;
        if (watch.completed)
            watch.completed(bound, found);
    }
    return sum;
}

} // namespace explore
