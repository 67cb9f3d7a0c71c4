// SPDX-License-Identifier: BSD-2-Clause
#include "hart/panic.hpp"

#include "arch/upcalls.hpp"
#include "hart/hart.hpp"
#include "hart/ipl.hpp"
#include "hart/print.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace hart {

namespace {

constexpr unsigned max_witnesses = 4;
constinit Witness witnesses[max_witnesses] = {};
constinit Cell<u32> panicking;

/// What this hart recorded last, if it is not under way to the reader already.
void print_recent_events() {
    constexpr usize most = 8;
    lib::Line line;
    line.add("  last events:");
    for (const trace::Record& record : trace::recent(most))
        line.add(" ", trace::name_of(trace::record_id(record)), "[", trace::record_lwp(record),
                 "]");
    print(line);
}

} // namespace

void add_witness(Witness witness) {
    for (Witness& place : witnesses) {
        if (place == nullptr) {
            place = witness;
            return;
        }
    }
    panic("too many witnesses");
}

void panic_with(const lib::Line& message, const char* file, u32 line) {
    arch::irq_disable();
    if (panicking.swap(1) != 0)
        arch::halt(panic_status); // a panic inside a panic, or on a second hart

    lib::Line head;
    head.add("panic: ", message);
    print(head);
    lib::Line where;
    where.add("  at ", file, ":", line, ", LWP ", arch::current().id, ", hart ", here(), ", level ",
              ipl::names[arch::current().level]);
    print(where);
    for (Witness witness : witnesses)
        if (witness != nullptr)
            witness(print);

    print_recent_events();
    trace::record(trace::Panic{.message = trace::text(message.text())});
    trace::flush_all();
    arch::halt(panic_status);
}

void shut_down(u32 status) {
    arch::irq_disable();
    trace::record(trace::Halt{.code = status});
    trace::flush_all();
    arch::halt(status);
}

} // namespace hart

namespace lib {

void misused(const char* what) {
    hart::panic(what);
}

} // namespace lib

namespace arch {

void on_fault(const char* sentence) {
    hart::panic(sentence);
}

} // namespace arch
