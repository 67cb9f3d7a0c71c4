// SPDX-License-Identifier: BSD-2-Clause
#include "grader/grade.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace grader {

namespace {

constexpr const char* not_compiled = "it was not run, because it does not compile";

const char* name_of(End end) {
    switch (end) {
    case End::not_built:
        return "not built";
    case End::not_run:
        return "not run";
    case End::halted:
        return "halted";
    case End::panicked:
        return "panicked";
    case End::out_of_time:
        return "out of time";
    case End::too_many_events:
        return "too many events";
    case End::too_much_output:
        return "too much output";
    case End::silent:
        return "silent";
    }
    return "";
}

/// Why a run that ended like this did not end by itself; nothing if it did.
Fault fault_of(const session::Lab& lab, const Run& run) {
    switch (run.end()) {
    case End::halted:
        return std::nullopt;
    case End::not_built:
        return not_compiled;
    case End::not_run:
        return "the machine did not run: " + run.message();
    case End::panicked:
        return "the kernel panicked: " + run.message();
    case End::out_of_time:
        return fmt::format("still running after {} ms of its own time: something waits or loops "
                           "for ever",
                           lab.limits.milliseconds);
    case End::too_many_events:
        return fmt::format("stopped after {} events: something happens over and over",
                           lab.limits.events);
    case End::too_much_output:
        return fmt::format("more than {} bytes of console output", lab.limits.console);
    case End::silent:
        return "no event came any more: it loops with interrupts disabled";
    }
    return std::nullopt;
}

Result result(const std::string& title, unsigned points, const Fault& fault) {
    return {title, fault ? 0 : points, points, fault.value_or("")};
}

} // namespace

unsigned Grade::points() const {
    unsigned sum = 0;
    for (const Result& result : results)
        sum += result.points;
    return sum;
}

unsigned Grade::of() const {
    unsigned sum = 0;
    for (const Result& result : results)
        sum += result.of;
    return sum;
}

Grade judge(const session::Lab& lab, const Run& run) {
    bool built = run.end() != End::not_built;
    Grade grade;
    grade.results.push_back(
        result("it compiles", 1, built ? Fault() : "the compiler's words are above"));
    grade.results.push_back(result("the run ends by itself", 1, fault_of(lab, run)));
    Evidence evidence(run.store(), run.judged());
    for (const Check& check : checks())
        grade.results.push_back(
            result(check.title, check.points, built ? check.judge(evidence) : not_compiled));
    return grade;
}

std::string as_text(const Grade& grade, const session::Lab& lab, const Run& run) {
    std::string text;
    if (run.end() == End::not_built)
        text += run.message() + "\n";
    text += fmt::format("Lab {}: {}\n\n", lab.name, lab.title);
    for (const Result& result : grade.results) {
        text += fmt::format("  {:2} of {:2}  {}\n", result.points, result.of, result.title);
        if (!result.reason.empty())
            text += fmt::format("             {}\n", result.reason);
    }
    text += fmt::format("\n{} of {} points\n", grade.points(), grade.of());
    if (grade.points() < grade.of() && run.judged() > 0)
        text += fmt::format("See what happened: build/interlude open {}\n", run.trace().string());
    return text;
}

std::string as_json(const Grade& grade, const session::Lab& lab, const Run& run,
                    const Submission& submission) {
    nlohmann::ordered_json out;
    out["lab"] = lab.name;
    out["handler"] = submission.handler.empty() ? (lab.folder / "handler.cpp").string()
                                                : submission.handler.string();
    out["points"] = grade.points();
    out["of"] = grade.of();
    out["end"] = name_of(run.end());
    out["events"] = run.judged();
    out["trace"] = run.judged() > 0 ? run.trace().string() : "";
    for (const Result& result : grade.results)
        out["checks"].push_back({{"title", result.title},
                                 {"points", result.points},
                                 {"of", result.of},
                                 {"reason", result.reason}});
    if (run.end() == End::not_built)
        out["compiler"] = run.message();
    return out.dump(2) + "\n";
}

} // namespace grader
