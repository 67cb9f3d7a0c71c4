// SPDX-License-Identifier: BSD-2-Clause
#include "explore/shrink.hpp"

#include <algorithm>

namespace explore {

namespace {

class Shrinker {
public:
    Shrinker(Runner& runner, const Outcome& failure, u64 most_runs)
        : runner_(runner)
        , wanted_(failure.ending)
        , most_runs_(most_runs) {
        shrunk_.outcome = failure;
    }

    Shrunk shorten() {
        // A run that fails whatever happens needs no departure at all.
        if (try_without(0, size()))
            return shrunk_;
        usize parts = 2;
        while (size() > 1 && shrunk_.runs < most_runs_) {
            if (leave_out_a_part(parts))
                parts = std::max<usize>(2, parts - 1);
            else if (parts < size())
                parts = std::min(size(), parts * 2);
            else
                break;
        }
        return shrunk_;
    }

private:
    [[nodiscard]] usize size() const { return shrunk_.outcome.departures.size(); }

    // From the end: what comes late depends on what came early, not the other way round.
    bool leave_out_a_part(usize parts) {
        usize part = (size() + parts - 1) / parts;
        for (usize end = size(); end > 0 && shrunk_.runs < most_runs_;) {
            usize from = end > part ? end - part : 0;
            if (try_without(from, end))
                return true;
            end = from;
        }
        return false;
    }

    bool try_without(usize from, usize to) {
        Departures rest = shrunk_.outcome.departures;
        rest.erase(rest.begin() + static_cast<long>(from), rest.begin() + static_cast<long>(to));
        FixedStrategy strategy(rest);
        Outcome outcome = runner_.run_apart(strategy);
        shrunk_.runs++;
        // Departures that were not possible any more have dropped out by themselves.
        if (outcome.ending != wanted_ || outcome.departures.size() >= size())
            return false;
        shrunk_.outcome = outcome;
        return true;
    }

    Runner& runner_;
    Ending wanted_;
    u64 most_runs_;
    Shrunk shrunk_;
};

} // namespace

Shrunk shrink(Runner& runner, const Outcome& failure, u64 most_runs) {
    return Shrinker(runner, failure, most_runs).shorten();
}

} // namespace explore
