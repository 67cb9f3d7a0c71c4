// SPDX-License-Identifier: BSD-2-Clause
// Rules over the events of a run. A kernel that neither panics nor deadlocks may still do the wrong
// thing, and a lab knows what the right thing is: those of its checks that hold in every order
// (labs/grader/check.hpp) are judged after each run. And whatever runs, its events must be possible
// in the visualizer's model: a picture that contradicts itself is a finding, too.
//
// Read next: runner.hpp
#pragma once

#include "explore/runner.hpp"

namespace explore {

/// Judges by the rules of the lab that is linked into this program, and by the model.
[[nodiscard]] Judge rules_of_events();

/// True if a lab is linked and has rules.
[[nodiscard]] bool lab_has_rules();

} // namespace explore
