// SPDX-License-Identifier: BSD-2-Clause
#include "lockcheck/report.hpp"

#include "hart/cell.hpp"
#include "hart/panic.hpp"
#include "hart/report.hpp"
#include "lockcheck/held.hpp"
#include "sched/sched.hpp"

namespace lockcheck {

namespace {

constinit hart::Cell<bool> expecting;
constinit hart::Cell<u32> heard_refusals;
constinit hart::Cell<u32> heard[report_kinds];

constinit const Record* refused = nullptr; // what a panic is about

/// What is known of the lock that a panic is about.
void testify(void (*print)(const lib::Line&)) {
    if (refused == nullptr || refused->state == State::uninitialised)
        return;
    auto say = [&](const char* what, const Visit& visit) {
        lib::Line line;
        line.add("  ", refused->name, what);
        add_visit(line, visit);
        print(line);
    };
    if (refused->born.site.known())
        say(" was initialised by ", refused->born);
    if (refused->entered.site.known())
        say(" was last entered by ", refused->entered);
    if (refused->left.site.known())
        say(" was last left by ", refused->left);
    if (!armed()) {
        lib::Line line;
        line.add("  with lockcheck=on it would be known who entered it, and where");
        print(line);
    }
}

/// The self-test goes on without the LWP that was refused, and without the locks that it held.
[[noreturn]] void end_lwp() {
    sched::Lwp& self = sched::current();
    heard_refusals.add(1);
    own_holdings().forget();
    self.current.spin_depth = 0;
    self.current.preempt_disabled = 0;
    self.current.level = self.base_level;
    self.spin_mutexes = nullptr;
    for (sync::Lock*& held : self.shared_holds)
        held = nullptr;
    arch::irq_enable();
    sched::exit();
}

} // namespace

constinit trace::RawLock Report::lock_;

bool Report::begin(ReportKind kind, const lib::Line& sentence) {
    if (expecting.peek()) {
        heard[static_cast<u8>(kind)].add(1);
        return false;
    }
    hart::report_line(kind, sentence);
    return true;
}

void begin_expecting() {
    heard_refusals.set(0);
    for (hart::Cell<u32>& count : heard)
        count.set(0);
    expecting.publish(true);
}

Heard end_expecting() {
    expecting.publish(false);
    Heard result;
    for (unsigned kind = 0; kind < report_kinds; kind++)
        result.reports[kind] = heard[kind].peek();
    result.refusals = heard_refusals.peek();
    return result;
}

void add_visit(lib::Line& line, const Visit& visit) {
    line.add(name_of(visit.lwp), " at ", visit.site.file(), ":", visit.site.line());
}

void refuse_with(const Record& record, const lib::Line& message, Site site) {
    if (expecting.get())
        end_lwp();
    static constinit hart::Cell<u32> first;
    if (first.swap(1) == 0)
        hart::add_witness(testify);
    refused = &record;
    hart::panic_with(message, site.file(), site.line());
}

} // namespace lockcheck
