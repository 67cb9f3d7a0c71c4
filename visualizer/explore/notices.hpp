// SPDX-License-Identifier: BSD-2-Clause
// Notices: how the search goes, for a program that started it (visualizer/session/finder.hpp). Each
// is a line on a descriptor of its own, so that nothing else that is said can be mistaken for one.
//
//   usual 552                             points of the run without departures
//   progress 1234 0.51 1300 100000 0      schedules, seconds, items begun, of so many, bound
//   shortening 7                          a failure was found; departures that it has so far
//   failure panic: assertion failed: …    what fails
//   caption found after 5 schedules; …
//   departure hart 1 is left standing …   in words, in the order in which they are made
//   schedule runs/….schedule
//   trace runs/…                          it is written: the last one, if a failure was found
//   nothing 20000 2.7 1 2 18213           schedules, seconds; 1: the plan was done, 0: not all;
//                                         exhaustive: the last bound, and its schedules
#pragma once

#include <string_view>

namespace explore {

class Notices {
public:
    /// Below 0: nobody listens.
    explicit Notices(int descriptor = -1)
        : descriptor_(descriptor) {}

    void tell(std::string_view what, std::string_view how) const;

private:
    int descriptor_;
};

} // namespace explore
