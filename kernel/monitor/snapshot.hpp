// SPDX-License-Identifier: BSD-2-Clause
// A snapshot: the whole machine stated anew, as events, for a reader who came late or lost some.
//
// There is no second format. While the machine is stopped (hart/stop.hpp), the events by which
// every structure came to be as it is are recorded once more, in the name of the LWPs and harts
// that they are about; a model that begins empty and folds them has the state of the machine:
//
//   SnapshotBegin, what the run is, all names
//   LWPs (idle so far), channels, lines, softints, callouts, locks
//   who holds, who waits and lends, who sleeps, which handlers are blocked
//   run queues, and from the bottom up what runs on each hart
//   SnapshotEnd
//
// Rules
//   - Between the two, a model takes nothing for impossible: the order is that of the structures,
//     not that in which it happened.
// Read next: snapshot.cpp, visualizer/model/transition.hpp
#pragma once

namespace monitor {

/// From now on a snapshot is taken whenever the trace wants one. `introduce` records what the run
/// is: the events from Boot to the parameters' names.
void offer_snapshots(void (*introduce)());

} // namespace monitor
