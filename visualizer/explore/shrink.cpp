// SPDX-License-Identifier: BSD-2-Clause
#include "explore/shrink.hpp"

#include "explore/deepening.hpp"

#include <algorithm>

namespace explore {

namespace {

constexpr u64 longest = 3000;       // points of a run beside which shorter ones are searched for
constexpr u64 most_sparse = 10'000; // schedules, each time
constexpr u64 most_pairs = 40'000;
constexpr usize short_enough = 8; // departures: for fewer, pairs are not searched for

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
        if (!try_without(0, size())) {
            leave_out_harts();
            leave_out_parts();
            make_plainer();
            search_shorter();
            make_plainer();
            leave_out_parts();
        }
        shrunk_.minimal = may_run();
        return shrunk_;
    }

private:
    [[nodiscard]] const Departures& departures() const { return shrunk_.outcome.departures; }
    [[nodiscard]] usize size() const { return departures().size(); }
    [[nodiscard]] bool may_run() const { return shrunk_.runs < most_runs_; }

    // ---- leaving out ----------------------------------------------------------------------------

    void leave_out_harts() {
        for (unsigned hart = 0; hart < runner_.subject().harts; hart++) {
            Departures rest = departures();
            std::erase_if(rest, [hart](const Departure& one) { return one.hart == hart; });
            if (rest.size() < size())
                try_instead(rest);
        }
    }

    void leave_out_parts() {
        usize parts = 2;
        while (size() > 1 && may_run()) {
            if (leave_out_a_part(parts))
                parts = std::max<usize>(2, parts - 1);
            else if (parts < size())
                parts = std::min(size(), parts * 2);
            else
                break; // (2)
        }
    }

    // From the end: what comes late depends on what came early, not the other way round.
    bool leave_out_a_part(usize parts) {
        usize part = (size() + parts - 1) / parts;
        for (usize end = size(); end > 0 && may_run();) {
            usize from = end > part ? end - part : 0;
            if (try_without(from, end))
                return true;
            end = from;
        }
        return false;
    }

    bool try_without(usize from, usize to) {
        Departures rest = departures();
        rest.erase(rest.begin() + static_cast<long>(from), rest.begin() + static_cast<long>(to));
        return try_instead(rest);
    }

    // ---- making plainer -------------------------------------------------------------------------

    static usize special(const Departures& list) {
        return static_cast<usize>(std::count_if(
            list.begin(), list.end(), [](const Departure& one) { return one.act != Act::hart; }));
    }

    void make_plainer() {
        for (usize at = 0; at < size(); at++)
            for (unsigned hart = 0; hart < runner_.subject().harts; hart++)
                if (at < size() && departures()[at].act != Act::hart && may_run())
                    try_to_move(at, hart);
    }

    void try_to_move(usize at, unsigned hart) {
        Departures other = departures();
        other[at].act = Act::hart;
        other[at].number = hart;
        try_instead(other);
    }

    // ---- looking for a shorter one --------------------------------------------------------------

    void search_shorter() {
        FixedStrategy none({});
        u64 length = runner_.run_apart(none).points;
        if (size() < 2 || length > longest || !may_run())
            return;
        Judge judge = runner_.judge();
        if (wanted_ != Ending::rule)
            runner_.set_judge({}); // it would only cost time
        search_all_with(1, length, no_limit);
        while (size() > 2 && search_sparsely(length)) {
        }
        if (size() > short_enough)
            search_all_with(2, length, most_pairs);
        runner_.set_judge(judge);
    }

    void search_all_with(unsigned departures, u64 length, u64 most) {
        take(deepen(runner_, length, {.from = departures, .to = departures, .wanted = wanted_},
                    {.schedules = most}));
    }

    /// Once with half as many. True if that led to something shorter.
    bool search_sparsely(u64 length) {
        usize before = size();
        SparsePlan plan(most_sparse, std::max<usize>(2, before / 2), length, wanted_);
        take(search(plan, runner_, {}, {}));
        leave_out_parts();
        return size() < before && may_run();
    }

    void take(const Found& found) {
        shrunk_.searched += found.schedules;
        if (found.failure)
            try_instead(found.failure->departures);
    }

    // ---------------------------------------------------------------------------------------------

    /// Keeps it if it fails in the same way and is shorter, or as short and plainer.
    bool try_instead(const Departures& list) {
        FixedStrategy strategy(list);
        Outcome outcome = runner_.run_apart(strategy);
        shrunk_.runs++;
        // Departures that were not possible any more have dropped out by themselves.
        const Departures& made = outcome.departures;
        bool better = made.size() < size()
                      || (made.size() == size() && special(made) < special(departures()));
        if (outcome.ending != wanted_ || !better)
            return false;
        shrunk_.outcome = outcome; // (1)
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
