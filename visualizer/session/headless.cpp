// SPDX-License-Identifier: BSD-2-Clause
#include "session/headless.hpp"

#include <chrono>
#include <fmt/format.h>

namespace session {

Summary run_to_end(Session& session, const Options& options, const RunLimits& limits) {
    auto begin = std::chrono::steady_clock::now();
    auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    double first_event = 0;
    session.start(options, limits.events);
    auto going = [&] {
        Phase phase = session.status().phase;
        return phase == Phase::running || phase == Phase::building;
    };
    constexpr unsigned patience = 100;
    while (going() && elapsed() * 1000 < limits.milliseconds && !limits.cancelled()) {
        session.poll(patience);
        if (first_event == 0 && !session.store().empty())
            first_event = elapsed();
    }
    bool out_of_time = going();
    Summary summary{};
    summary.record = session.status().record;
    summary.exit_status = session.status().exit_status;
    summary.message = session.status().message;
    summary.phase = session.status().phase;
    if (out_of_time || summary.phase == Phase::paused)
        session.stop();
    if (out_of_time) {
        summary.phase = Phase::idle;
        summary.message = fmt::format("stopped after {:.1f} s, before the kernel ended", elapsed());
    }
    summary.events = session.store().size();
    summary.discarded = session.store().discarded();
    summary.problems = session.store().problems().size();
    summary.first_event_seconds = first_event;
    summary.seconds = elapsed();
    return summary;
}

std::string to_text(const Summary& summary) {
    std::string out =
        fmt::format("{} events in {:.2f} s, the first after {:.2f} s; {} discarded, {} problems\n",
                    summary.events, summary.seconds, summary.first_event_seconds, summary.discarded,
                    summary.problems);
    if (summary.phase == Phase::ended)
        out += fmt::format("the kernel ended with status {}\n", summary.exit_status);
    if (!summary.message.empty())
        out += summary.message + "\n";
    if (!summary.record.empty())
        out += fmt::format("recorded in {}\n", summary.record.string());
    return out;
}

} // namespace session
