// SPDX-License-Identifier: BSD-2-Clause
// What the lock checker says: a sentence (hart/report.hpp), and below it, on the console, who and
// where.
//
//   Report report(ReportKind::lock_order, "a and b are taken in both orders");
//   report.tell("  ", who, " took ", …);
//
// The kernel goes on after a report. What cannot go on is refused (hook.hpp), which panics.
//
// The self-test expects both: between begin_expecting() and end_expecting() reports are counted
// instead of told, and a refusal ends the LWP that is refused.
//
// Rules
//   - Any context, any locks held. A Report holds a raw lock as long as it lives: no lock is
//     entered meanwhile.
#pragma once

#include "hart/print.hpp"
#include "lockcheck/hook.hpp"
#include "trace/raw_lock.hpp"

namespace lockcheck {

class [[nodiscard]] Report {
public:
    explicit Report(ReportKind kind, const auto&... parts)
        : guard_(lock_) {
        lib::Line sentence;
        sentence.add(parts...);
        audible_ = begin(kind, sentence);
    }
    void tell(const auto&... parts) {
        if (!audible_)
            return;
        lib::Line line;
        line.add(parts...);
        hart::print(line);
    }

private:
    static bool begin(ReportKind kind, const lib::Line& sentence);
    static constinit trace::RawLock lock_;

    trace::RawLock::Guard guard_;
    bool audible_;
};

constexpr unsigned report_kinds = 7; // of trace::ReportKind

/// What came while it was expected.
struct Heard {
    u32 reports[report_kinds] = {};
    u32 refusals = 0;
};
void begin_expecting();
[[nodiscard]] Heard end_expecting();

/// "main at sync/mutex.cpp:12"
void add_visit(lib::Line& line, const Visit& visit);

} // namespace lockcheck
