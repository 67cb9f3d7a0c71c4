// SPDX-License-Identifier: BSD-2-Clause
#include "explore/exhaustive.hpp"

#include <algorithm>

namespace explore {

namespace {

/// Of a departure, in all runs below it.
struct Absence {
    usize from;
    Footprint footprint;
};

class Search {
public:
    Search(Runner& runner, Tally& tally, u64 item, Pruning rule, std::optional<Ending> wanted)
        : runner_(runner)
        , tally_(tally)
        , item_(item)
        , rule_(rule)
        , wanted_(wanted) {}

    /// All runs that begin with `made` and make up to `more` departures after it, the first of them
    /// at a point in [from, to).
    std::optional<Outcome> explore(const Departures& made, usize from, usize to, unsigned more,
                                   bool counts = true);

private:
    using Carried = std::array<std::optional<Footprint>, arch::max_harts>;

    std::optional<Outcome> depart(const Departures& made, const std::vector<LoggedPoint>& points,
                                  usize at, unsigned more, Carried& carried);
    std::optional<Outcome> take(const Departures& made, const LoggedPoint& point, u64 number,
                                usize at, unsigned option, unsigned more, Carried& carried);

    Runner& runner_;
    Tally& tally_;
    u64 item_;
    Pruning rule_;
    std::optional<Ending> wanted_;
    bool over_ = false;             // its allowance
    std::vector<Absence> absences_; // of the departures that led here
};

bool has_held_back(const Departures& made, unsigned hart) {
    return std::any_of(made.begin(), made.end(), [&](const Departure& departure) {
        return departure.hart == hart && departure.act == Act::late;
    });
}

std::optional<Outcome> Search::take(const Departures& made, const LoggedPoint& point, u64 number,
                                    usize at, unsigned option, unsigned more, Carried& carried) {
    Option way = point.options[option];
    bool prunable = rule_ != Pruning::none && way.act == Act::hart && point.place == Place::access
                    && (rule_ == Pruning::undelayed || !has_held_back(made, point.hart));
    if (prunable && carried[way.number] && carried[way.number]->commutes_with(point)) {
        tally_.pruned++;
        return std::nullopt;
    }
    Departures longer = made;
    longer.push_back({point.hart, number, way.act, way.number});
    absences_.push_back({at, Footprint(rule_)});
    auto failure = explore(longer, at + 1, ~usize{0}, more - 1);
    if (prunable)
        carried[way.number] = std::move(absences_.back().footprint);
    absences_.pop_back();
    return failure;
}

std::optional<Outcome> Search::depart(const Departures& made,
                                      const std::vector<LoggedPoint>& points, usize at,
                                      unsigned more, Carried& carried) {
    const LoggedPoint& point = points[at];
    if (at + 1 >= points.size() || !follows(point, points[at + 1]))
        carried = {};
    if (point.count < 2)
        return std::nullopt;
    u64 number = 1
                 + static_cast<u64>(std::count_if(
                     points.begin(), points.begin() + static_cast<long>(at),
                     [&](const LoggedPoint& other) { return other.hart == point.hart; }));
    for (unsigned option = 1; option < point.count; option++)
        if (auto failure = take(made, point, number, at, option, more, carried))
            return failure;
    return std::nullopt;
}

std::optional<Outcome> Search::explore(const Departures& made, usize from, usize to, unsigned more,
                                       bool counts) {
    over_ = over_ || (counts && !tally_.allowance.take(item_));
    if (over_)
        return std::nullopt;
    FixedStrategy strategy(made);
    std::vector<LoggedPoint> points;
    Outcome outcome = runner_.run(strategy, points);
    if (counts) {
        tally_.schedules++;
        tally_.points += outcome.points;
        tally_.behaviours.add(behaviour_of(points));
    }
    for (Absence& absence : absences_)
        absence.footprint.add_absence(points, absence.from);
    if (outcome.failed())
        return !wanted_ || outcome.ending == *wanted_ ? std::optional(outcome) : std::nullopt;
    if (more == 0)
        return std::nullopt;
    Carried carried;
    for (usize at = std::min(to, points.size()); at-- > from;) {
        if (tally_.cancelled || over_)
            return std::nullopt;
        if (auto failure = depart(made, points, at, more, carried))
            return failure;
    }
    return std::nullopt;
}

} // namespace

ExhaustivePlan::ExhaustivePlan(unsigned bound, usize length, Pruning rule,
                               std::optional<Ending> wanted)
    : bound_(bound)
    , length_(length)
    , rule_(rule)
    , wanted_(wanted) {}

u64 ExhaustivePlan::items() const {
    return bound_ == 0 ? 1 : (length_ + stretch - 1) / stretch;
}

std::optional<Outcome> ExhaustivePlan::work(u64 item, Runner& runner, Tally& tally) {
    Search search(runner, tally, item, rule_, wanted_);
    bool is_first = item == 0; // counts the run without departures
    return search.explore({}, item * stretch, (item + 1) * stretch, bound_, is_first);
}

} // namespace explore
