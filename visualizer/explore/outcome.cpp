// SPDX-License-Identifier: BSD-2-Clause
#include "explore/outcome.hpp"

#include "arch/host/simulation.hpp"
#include "arch/machine.hpp"
#include "explore/watchdog.hpp"
#include "trace/words.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <sys/wait.h>

namespace explore {

namespace {

constexpr std::array ending_names = {"passed",      "broken check", "panic",    "report",
                                     "broken rule", "deadlock",     "livelock", "sanitizer",
                                     "crash",       "refused"};

/// The first line in which `mark` stands, from there on; empty if there is none.
std::string line_with(std::string_view text, std::string_view mark) {
    usize at = text.find(mark);
    if (at == std::string_view::npos)
        return "";
    return std::string(text.substr(at, text.find('\n', at) - at));
}

std::string last_line(std::string_view text) {
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    return std::string(text.substr(text.rfind('\n') + 1));
}

// What checkers say of time does not count: time passes when the search likes.
constexpr trace::ReportKind mistakes[] = {
    trace::ReportKind::lock_use, trace::ReportKind::lock_order, trace::ReportKind::interrupt_safety,
    trace::ReportKind::deadlock};

std::string first_report(std::string_view console) {
    for (trace::ReportKind kind : mistakes)
        if (std::string line =
                line_with(console, "report (" + std::string(trace::word(kind)) + ")");
            !line.empty())
            return line;
    return "";
}

struct Sign {
    std::string_view mark; // on the console
    Ending ending;
};
// The gravest first: a panic may follow from what was reported before it.
constexpr Sign signs[] = {
    {"panic: ", Ending::panic},
    {"check failed: ", Ending::check},
};

} // namespace

const char* name_of(Ending ending) {
    return ending_names[static_cast<usize>(ending)];
}

std::string describe(const Outcome& outcome) {
    return outcome.sentence.empty()
               ? name_of(outcome.ending)
               : std::string(name_of(outcome.ending)) + ": " + outcome.sentence;
}

void judge(Outcome& outcome, u32 status, std::string_view console, bool reports_fail) {
    if (status == arch::host::status_deadlock || status == arch::host::status_livelock) {
        bool nobody = status == arch::host::status_deadlock;
        outcome.ending = nobody ? Ending::deadlock : Ending::livelock;
        outcome.sentence = nobody ? "nobody will ever move again" : "it does not come to an end";
        return;
    }
    if (status == arch::refused_status) {
        outcome.ending = Ending::refused;
        outcome.sentence = last_line(console);
        return;
    }
    for (const Sign& sign : signs) {
        std::string line = line_with(console, sign.mark);
        if (line.empty())
            continue;
        outcome.ending = sign.ending;
        outcome.sentence = line.substr(sign.mark.size());
        return;
    }
    if (status != 0) {
        outcome.ending = Ending::check;
        outcome.sentence = "the kernel halted with status " + std::to_string(status)
                           + " after the words: " + last_line(console);
        return;
    }
    outcome.sentence = reports_fail ? first_report(console) : "";
    outcome.ending = outcome.sentence.empty() ? Ending::passed : Ending::report;
}

void judge_crash(Outcome& outcome, int wait_status, std::string_view written) {
    if (std::string loop = line_with(written, endless_mark); !loop.empty()) {
        outcome.ending = Ending::livelock;
        outcome.sentence = loop;
        return;
    }
    std::string said = line_with(written, "ERROR: AddressSanitizer: ");
    if (said.empty())
        said = line_with(written, "runtime error: ");
    outcome.ending = said.empty() ? Ending::crash : Ending::sanitizer;
    if (!said.empty())
        outcome.sentence = said.substr(0, said.find(" on address"));
    else if (WIFSIGNALED(wait_status))
        outcome.sentence = strsignal(WTERMSIG(wait_status));
    else
        outcome.sentence = "status " + std::to_string(WEXITSTATUS(wait_status));
}

} // namespace explore
