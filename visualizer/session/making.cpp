// SPDX-License-Identifier: BSD-2-Clause
// The session's other children: the build that a save starts, the grader, the race finder.
#include "session/parts.hpp"

#include "session/explain.hpp"

#include <fmt/format.h>

namespace session {

bool Session::Parts::poll_build() {
    if (build == nullptr)
        return false;
    bool changed = status.build_output != build->output();
    if (changed)
        status.build_output = build->output();
    std::optional<Child::End> end = build->poll();
    if (!end)
        return changed;
    status.build_output = build->output();
    build.reset();
    if (end->status == 0) {
        begin(stop_after_build);
    } else {
        status.phase = before_build;
        status.message = "the build failed: " + first_error(status.build_output);
    }
    return true;
}

bool Session::Parts::poll_grade() {
    if (grade == nullptr)
        return false;
    std::optional<Child::End> end = grade->poll();
    bool changed = end || status.grade_output != grade->output();
    status.grade_output = grade->output();
    if (end && status.grade_output.empty())
        status.grade_output =
            "the grader said nothing and ended with status " + std::to_string(end->status) + "\n";
    if (end)
        grade.reset();
    return changed;
}

bool Session::Parts::poll_finder() {
    bool changed = finder.poll();
    if (changed && finder.state().build_failed) {
        status.build_output = finder.state().output;
        status.message = finder.state().message;
    }
    return changed;
}

void Session::Parts::forget_grade() {
    grade.reset();
    status.grade_output.clear();
}

/// They were of a program that is there no more.
void Session::Parts::forget_results() {
    forget_grade();
    finder.forget();
}

void Session::rebuild(u64 stop_after) {
    Parts& parts = *parts_;
    if (parts.options.build_command.empty())
        return restart(stop_after);
    parts.forget_results();
    if (parts.build == nullptr)
        parts.before_build = parts.status.phase;
    if (parts.before_build == Phase::running) {
        parts.hold_back();
        parts.before_build = Phase::paused;
        if (parts.gate() != nullptr)
            parts.gate()->grant(0);
    }
    parts.build.reset();
    parts.stop_after_build = stop_after;
    parts.status.phase = Phase::building;
    parts.status.message.clear();
    try {
        parts.build = std::make_unique<Child>(
            std::vector<std::string>{"/bin/sh", "-c", parts.options.build_command});
    } catch (const std::exception& error) {
        parts.status.phase = parts.before_build;
        parts.status.message = error.what();
    }
}

void Session::grade() {
    Parts& parts = *parts_;
    if (parts.options.grade_command.empty() || parts.status.phase == Phase::building)
        return;
    parts.forget_grade();
    try {
        parts.grade = std::make_unique<Child>(
            std::vector<std::string>{"/bin/sh", "-c", parts.options.grade_command});
    } catch (const std::exception& error) {
        parts.status.grade_output = error.what();
    }
    parts.update_status();
}

void Session::find(const SearchWish& wish) {
    Parts& parts = *parts_;
    if (parts.options.explorer.program.empty() || parts.status.phase == Phase::building)
        return;
    SearchProgram program = parts.options.explorer;
    program.arguments.push_back("--scenario=" + parts.options.scenario);
    program.arguments.push_back(fmt::format("--parameter=seed={}", parts.options.seed));
    for (const std::string& parameter : parts.options.parameters)
        program.arguments.push_back("--parameter=" + parameter);
    if (!parts.options.record.empty())
        program.arguments.push_back("--out="
                                    + unused(parts.options.record.string() + "-found").string());
    parts.finder.start(wish, std::move(program));
}

void Session::cancel_find() {
    parts_->finder.cancel();
}

const SearchState& Session::search() const {
    return parts_->finder.state();
}

} // namespace session
