// SPDX-License-Identifier: BSD-2-Clause
// What a checker that found a mistake says when the kernel can go on: a line on the console and a
// Report event. A mistake after which it cannot is a panic (panic.hpp).
//
//   hart::report(trace::ReportKind::storm, "uart0 interrupted ", count, " times within a tick");
//
// Rules
//   - Any context, any locks held. The sentence names the object, who did it and who was there
//     before.
// Read next: panic.hpp
#pragma once

#include "lib/line.hpp"
#include "trace/ids.hpp"

namespace hart {

void report_line(trace::ReportKind kind, const lib::Line& sentence);

void report(trace::ReportKind kind, const auto&... parts) {
    lib::Line sentence;
    sentence.add(parts...);
    report_line(kind, sentence);
}

/// Reports of this kind so far.
[[nodiscard]] u32 reports(trace::ReportKind kind);

} // namespace hart
