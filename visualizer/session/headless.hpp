// SPDX-License-Identifier: BSD-2-Clause
// A run from its start to its end without anybody watching: for scripts, tests and machines without
// a display.
#pragma once

#include "session/session.hpp"

#include <functional>

namespace session {

struct RunLimits {
    u64 events = ~0ull;            // stop exactly after so many (repeatable runs)
    unsigned milliseconds = 60000; // of the host's time
    std::function<bool()> cancelled = [] { return false; };
};

struct Summary {
    Phase phase;     // ended, paused (an event limit), failed, or idle (out of time, cancelled)
    int exit_status; // of the kernel
    std::string message;
    usize events;
    u64 discarded;
    usize problems;
    double first_event_seconds; // from the start; 0: there was none
    double seconds;
    std::filesystem::path record;
};

/// Runs `session` until it ends or meets a limit. Afterwards the session's store is complete.
Summary run_to_end(Session& session, const Options& options, const RunLimits& limits = {});

/// A few lines of plain text for the terminal.
[[nodiscard]] std::string to_text(const Summary& summary);

} // namespace session
