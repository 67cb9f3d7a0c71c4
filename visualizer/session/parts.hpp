// SPDX-License-Identifier: BSD-2-Clause
// What a Session is made of, for session.cpp (the run) and making.cpp (builds and grades) only.
#pragma once

#include "session/pace.hpp"
#include "session/run.hpp"
#include "session/session.hpp"
#include "session/watch.hpp"

namespace session {

struct Session::Parts {
    Options options;
    Status status;
    model::Store store;
    std::unique_ptr<Run> run;
    std::string console; // of the run that was
    Pace pace;
    std::function<bool(const model::Event&)> wanted; // step_until
    usize looked_at = 0;                             // events that `wanted` has seen
    Pace::Clock::time_point last_event{};
    bool typed = false;
    bool gate_refused = false; // this QEMU does not take the plugin

    std::unique_ptr<Child> build;
    Phase before_build = Phase::idle;
    u64 stop_after_build = 0;
    std::unique_ptr<Child> grade;
    Finder finder;
    FileWatch watch;

    Gatekeeper* gate() { return run != nullptr ? run->machine().gate() : nullptr; }
    u64 happened() { return gate() != nullptr ? gate()->hits() : store.size(); }
    bool under_way() const { // also beneath a build
        Phase phase = status.phase == Phase::building ? before_build : status.phase;
        return run != nullptr && (phase == Phase::running || phase == Phase::paused);
    }

    void fail(const std::string& sentence);
    void begin(u64 stop_after);
    void go_on(u64 goal);
    void hold_back();
    void release();
    bool take_in(bool held);
    bool poll_run();
    bool look_for_wanted();
    bool on_progress(bool held);
    void on_end(Child::End end);
    bool retry_without_gate(const std::string& output);
    void watch_patience();
    bool poll_build();
    bool poll_grade();
    bool poll_finder();
    void forget_grade();
    void forget_results();
    void update_status();
    void wait(unsigned wait_ms);
};

} // namespace session
