// SPDX-License-Identifier: BSD-2-Clause
#include "hart/report.hpp"

#include "hart/cell.hpp"
#include "hart/print.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"
#include "trace/words.hpp"

#include <iterator>

namespace hart {

namespace {

constexpr u32 kinds = std::size(trace::Words<trace::ReportKind>::list);
constinit Cell<u32> counts[kinds];

// A text of the trace lives as long as the kernel. What comes after the last of them is told on
// the console alone.
constexpr u32 max_kept = 64;
constinit Cell<u32> kept_count;
constinit lib::Line kept[max_kept];

const char* keep(const lib::Line& sentence) {
    if (kept_count.peek() >= max_kept)
        return "one of many, see the console";
    u32 place = kept_count.add(1);
    if (place >= max_kept)
        return "one of many, see the console";
    kept[place] = sentence;
    return kept[place].text();
}

} // namespace

void report_line(trace::ReportKind kind, const lib::Line& sentence) {
    counts[static_cast<u8>(kind)].add(1);
    lib::Line line;
    line.add("report (", trace::word(kind), "): ", sentence);
    print(line);
    trace::record(trace::Report{.kind = kind, .text = trace::text(keep(sentence))});
}

u32 reports(trace::ReportKind kind) {
    return counts[static_cast<u8>(kind)].peek();
}

} // namespace hart
