// SPDX-License-Identifier: BSD-2-Clause
// One run: a machine, whose bytes become events in a store and a trace directory.
//
//   machine ──events──▶ loader ──▶ store
//                          └─packets─▶ trace directory
//   machine ──memory──▶ rings ──▶ loader            (while it is held, and when it is over)
//
// Rules
//   - The store belongs to the session and outlives the run.
// Invariants
//   (1) After collect_all() the store has every event that has happened.
//   (2) What a dead machine had not sent any more is in the store and in the directory as well.
// Read next: session.cpp
#pragma once

#include "load/loader.hpp"
#include "load/trace_writer.hpp"
#include "session/machine.hpp"
#include "session/session.hpp"

namespace session {

class Run {
public:
    /// Throws NotFound, or std::runtime_error with a sentence.
    Run(const Options& options, bool with_gate, u64 granted, model::Store& store);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Takes in what has come. True if there was something.
    bool collect();
    /// The machine is held: takes in every event that has happened.
    void collect_all();
    /// Ends the machine, if it still runs, and takes in the rest.
    void finish();

    [[nodiscard]] Machine& machine() { return machine_; }
    [[nodiscard]] const std::string& console() const { return console_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return writer_.directory(); }
    [[nodiscard]] const std::string& recording_error() const { return writer_.error(); }
    /// The kernel was built from another version of the tree than this program.
    [[nodiscard]] bool foreign() const {
        return loader_.packets() != 0 && loader_.foreign_packets() == loader_.packets();
    }

private:
    void feed_memory(bool as_packets);

    model::Store& store_;
    Image image_;
    Machine machine_;
    load::Loader loader_;
    load::TraceWriter writer_;
    std::string console_;
    u64 rings_ = 0;
    unsigned harts_;
    bool finished_ = false;
};

/// "scenario=tour seed=1 …", as the kernel gets it.
[[nodiscard]] std::string boot_arguments(const Options& options);
/// A directory that holds no trace yet: "name", else "name-2", …
[[nodiscard]] std::filesystem::path unused(const std::filesystem::path& wanted);
/// Where the gate's plugin is unless the options say otherwise: beside this program.
[[nodiscard]] std::filesystem::path default_gate_plugin();

} // namespace session
