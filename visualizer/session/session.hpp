// SPDX-License-Identifier: BSD-2-Clause
// A run of the kernel, from `start` to its end: QEMU, its sockets, the recording, exact stops.
//
// Views talk to this class and to nothing below it. All calls return at once; poll() does the work
// that has come up and is called once per frame (or in a loop, headless). Long work (a build, a
// boot) goes on between calls and shows in status().
//
// Two ways to run
//   repeatable (default)  -icount: the same image, scenario and seed give the same events, bit for
//   bit.
//                         The gate stops exactly after an event; speed is whatever credit grants.
//   live                  host time, all cores; pause is QMP stop; typed input arrives when it
//   arrives.
//
// Rules
//   - Every way out ends QEMU and removes the run's directory of sockets: stop(), destruction, a
//     signal, a crash of this process (the child has PR_SET_PDEATHSIG), a crash of QEMU (status
//     says so).
//   - What was recorded stays recorded, whatever happens afterwards.
// Read next: gate.hpp, recorder.hpp
#pragma once

#include "model/store.hpp"
#include "session/finder.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace session {

struct Options {
    std::filesystem::path kernel; // ELF image
    std::string scenario = "tour";
    unsigned harts = 1;
    u64 seed = 1;
    std::vector<std::string> parameters; // further boot parameters, "name=value"
    bool live = false;
    std::filesystem::path record; // trace directory to write; empty: one under runs/
    std::string build_command;    // run by rebuild(); empty: none ("make -s kernel LAB=01")
    std::string grade_command;    // run by grade(); empty: none ("make -s grade LAB=01")
    SearchProgram explorer;       // run by find(); without a program: find() does nothing

    SearchWish search{.harts = 0};            // unless somebody chooses; harts 0: as many as usual
    std::vector<std::filesystem::path> watch; // files; when one is saved, rebuild() happens
    std::string qemu = "qemu-system-riscv64";
    std::filesystem::path gate_plugin; // empty: gate.so beside this program
};

enum class Phase {
    idle,     // nothing started, or stopped on purpose
    building, // the build command runs
    running,  // QEMU runs (or waits for more credit)
    paused,   // held by a person's pause or a finished step
    ended,    // the kernel ended by itself; status().exit_status is valid
    failed,   // status().message says what and what to do next
};

struct Status {
    Phase phase = Phase::idle;
    std::string message; // one sentence, plain words; empty if there is nothing to say
    int exit_status = 0;
    bool exact = false;           // the gate is there: stops are exact and do not change the story
    bool repeatable = false;      // nothing has disturbed determinism so far
    std::string build_output;     // of the last build, for the editor pane
    bool grading = false;         // the grade command runs, beside the machine
    std::string grade_output;     // of the last grade; empty again once a file has been saved
    std::filesystem::path record; // where this run is being recorded
    std::string recording_error;  // why the recording has stopped, if it has
};

class Session {
public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Starts a run with a fresh store, up to `stop_after` events if given. Errors show in
    /// status().
    void start(const Options& options, u64 stop_after = ~0ull);
    /// The same run again, from the beginning; stops after `stop_after` events if given.
    void restart(u64 stop_after = ~0ull);
    /// Runs the build command, then restart(stop_after) if it succeeded.
    void rebuild(u64 stop_after = ~0ull);
    void stop();
    /// Runs the grade command; the machine goes on meanwhile, for the grader boots one of its own.
    /// A rebuild ends it: what it would judge is no longer there. Refused while a build runs.
    void grade();

    /// Looks for a schedule that breaks what runs, beside the machine. A rebuild, a restart and
    /// stop() end it. Refused while a build runs.
    void find(const SearchWish& wish);
    void cancel_find();
    [[nodiscard]] const SearchState& search() const;

    void run();   // go on freely
    void pause(); // after the next event (repeatable), or now (live)
    /// Lets exactly `events` more events happen, then phase is paused.
    void step(u64 events = 1);
    /// Goes on until an event for which `matches` holds has happened, then phase is paused.
    void step_until(std::function<bool(const model::Event&)> matches);
    /// Upper bound for events per second; 0: none. Takes effect at the next poll.
    void set_rate(double events_per_second);

    /// Does what has come up; true if the store or the status changed. `wait_ms`: how long it may
    /// wait for something to happen.
    bool poll(unsigned wait_ms = 0);

    [[nodiscard]] const Status& status() const;
    [[nodiscard]] const Options& options() const;
    [[nodiscard]] model::Store& store();

    /// The kernel's console: everything it wrote so far, and typing into it.
    [[nodiscard]] const std::string& console() const;
    void type(const std::string& text);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace session
