// SPDX-License-Identifier: BSD-2-Clause
// The session's other children: the build that a save starts, and the grader.
#include "session/parts.hpp"

#include "session/explain.hpp"

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

void Session::Parts::forget_grade() {
    grade.reset();
    status.grade_output.clear();
}

void Session::rebuild(u64 stop_after) {
    Parts& parts = *parts_;
    if (parts.options.build_command.empty())
        return restart(stop_after);
    parts.forget_grade();
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

} // namespace session
