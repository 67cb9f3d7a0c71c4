// SPDX-License-Identifier: BSD-2-Clause
// How a run ended, and what counts as a failure.
#pragma once

#include "explore/schedule.hpp"

namespace explore {

enum class Ending : u8 {
    passed,
    check,     // the scenario's verdict: a promise was broken
    panic,     // an assertion, or the kernel found itself misused
    report,    // a checker said something (hart/report.hpp)
    rule,      // the events say that the wrong thing was done, or cannot be (rules.hpp)
    deadlock,  // nobody will ever move again
    livelock,  // it did not end within the bound
    sanitizer, // AddressSanitizer or UndefinedBehaviorSanitizer
    crash,     // a signal
    refused,   // it says that there is no such thing as it is asked to do
};

struct Outcome {
    Ending ending = Ending::passed;
    std::string sentence; // what was said, without the location of the checkout
    u64 points = 0;
    u64 steps = 0;
    u64 digest = 0;
    Departures departures; // as they were made

    [[nodiscard]] bool failed() const { return ending != Ending::passed; }
};

/// "deadlock", …
[[nodiscard]] const char* name_of(Ending ending);
/// "panic: assertion failed: held() …", one line.
[[nodiscard]] std::string describe(const Outcome& outcome);
/// From how the kernel halted and what stands on its console. Reports of checkers are failures, but
/// for scenarios that are there to bring them about.
void judge(Outcome& outcome, u32 status, std::string_view console, bool reports_fail);
/// From what a sanitizer, or the watchdog, wrote before it ended the process.
void judge_crash(Outcome& outcome, int wait_status, std::string_view written);

} // namespace explore
