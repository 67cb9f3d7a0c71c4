// SPDX-License-Identifier: BSD-2-Clause
// Pruning: which departures of an exhaustive search only repeat another one.
//
// Let hart A stand before access a. It can be left there for hart B now, or one step later, when it
// has made the access and stands before its next one. Call what the others do until A goes on the
// *absence*. If nothing in it has to do with a, both runs come to the same:
//
//   now:     A left │ absence │ a │ …            later:   a │ A left │ absence │ …
//
// So the points of a run are taken from the last to the first; of each departure the footprint of
// its absence is remembered, taken over the whole subtree that was searched below it, and the same
// departure one step earlier is left out if a commutes with that footprint.
//
// Invariants
//   (1) Between two points of a hart lies the access of the first, and nothing else that others can
//       see. An access is made where a hart goes on (chosen 0), and there only: a hart that comes
//       back is asked again where it stands (arch/host/choices.hpp), so that whatever may happen
//       before a in the one run may happen before the next access in the other.
//   (2) The absence ends where A goes on, not where it comes back: left again from the same place,
//       it is still away.
//   (3) A word commutes with a word that is another one, or if both only look. A device, an IPI and
//       what does not say what it touches commute with nothing. What touches only its own hart
//       commutes with everything but what interrupts a hart.
//   (4) What interrupts a hart commutes with nothing: a line that fires, and time that passes. Time
//       is compared, not looked for among the points: it also passes when all wait.
//   (5) With stores held back: what any hart has held so far may become visible at any step, so it
//       counts as written in every absence; and the steps of a hart that has held something back
//       may publish it, so they commute with nothing.
//   (6) A departure that is left out has a successor in the same run, on the same hart, with the
//       same option, that was searched to the same depth or left out by this very rule.
// From these follows what tests/explore/pruning_test.cpp holds it against: if a run with at most k
// departures fails, the pruned search of bound k meets one that fails. (Move the absence behind a,
// by (1) to (5); the departures below keep their count; by (6) that run is looked at.)
//
// What it takes for granted: plain data, between two points, is protected by the words and the
// masked interrupts around it.
// Read next: exhaustive.hpp
#pragma once

#include "explore/pilot.hpp"
#include "lib/enumerators.hpp"

#include <unordered_map>

namespace explore {

/// What is left out. Those after `sound` each forget one of the invariants, so that the test which
/// holds pruning against the whole search can be seen to fail.
enum class Pruning : u8 {
    none,
    sound,
    careless_look, // who only looks commutes with who writes (3)
    deaf,          // devices, IPIs, interrupts and time commute with everything (3, 4)
    undelayed,     // what is held back is forgotten (5)
    count
};
/// As the command line spells them.
inline constexpr const auto& pruning_names = lib::enumerators<Pruning>;

/// What some harts did that others can see.
class Footprint {
public:
    explicit Footprint(Pruning rule)
        : rule_(rule) {}
    /// The absence that begins with the departure at points[from] of this run.
    void add_absence(const std::vector<LoggedPoint>& points, usize from);
    /// True if this access can change places with all of it.
    [[nodiscard]] bool commutes_with(const LoggedPoint& point) const;

private:
    void add(const LoggedPoint& point);
    void add_held(const std::vector<LoggedPoint>& points, usize end);

    Pruning rule_;
    std::unordered_map<u64, bool> words_; // true: written
    bool everything_ = false;
};

/// True if a departure before `point` is one before `next`, a step earlier.
[[nodiscard]] bool follows(const LoggedPoint& point, const LoggedPoint& next);

} // namespace explore
