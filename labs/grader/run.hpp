// SPDX-License-Identifier: BSD-2-Clause
// Builds a submission and runs it once, repeatably and within the lab's limits.
//
// The machine counts its own time in instructions, so the same submission gives the same events on
// any host, however busy. The limits are in that time, in events and in bytes of console output;
// only a machine that emits nothing at all any more is stopped by the host's clock.
// Read next: report.hpp
#pragma once

#include "model/store.hpp"
#include "session/lab.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace session {
class Session;
}

namespace grader {

struct Submission {
    std::filesystem::path handler; // empty: the lab's own
    std::filesystem::path output;  // a folder for everything that comes out
    unsigned silence_seconds = 60; // of the host: no event for so long means that none will come
};

enum class End {
    not_built,
    not_run,
    halted,
    panicked,
    out_of_time,
    too_many_events,
    too_much_output,
    silent
};

class Run {
public:
    Run(const session::Lab& lab, const Submission& submission);
    ~Run();

    [[nodiscard]] End end() const { return end_; }
    /// What the compiler said, the panic's message, or why the machine did not start.
    [[nodiscard]] const std::string& message() const { return message_; }
    /// Events that count: those within the limits.
    [[nodiscard]] usize judged() const { return judged_; }
    [[nodiscard]] const model::Store& store() const;
    [[nodiscard]] std::filesystem::path trace() const { return trace_; }

private:
    bool build(const session::Lab& lab, const Submission& submission);
    void boot(const session::Lab& lab, const Submission& submission);
    End watch(const session::Limits& limits, unsigned silence_seconds);
    std::optional<End> ended(const session::Limits& limits);
    usize count_within(const session::Limits& limits) const;

    std::unique_ptr<session::Session> session_;
    std::filesystem::path kernel_, trace_;
    End end_ = End::not_built;
    std::string message_;
    usize judged_ = 0;
};

} // namespace grader
