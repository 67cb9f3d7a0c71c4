// SPDX-License-Identifier: BSD-2-Clause
// runout: every interrupt LWP of a level is blocked, and the lock that they wait for is released by
// somebody who waits for another interrupt of that level (S3.18).
//
//   holder       has the mutex, waits for the alarm of rtc0
//   uart0        its handler wants the mutex: blocks, with the only LWP of level serial
//   rtc0         is of the same level here, and finds no LWP: its line waits, masked
//
// With pool=1 (or mask=level, which holds the whole level off, whatever the pool) this is a circle
// that no lock checker sees, because no lock closes it. The kernel says RunOut at once, and after
// some ticks reports who waits for whom. Here the holder loses patience when it has been told, as a
// driver with a timeout does, and everything goes on. With pool=2, or an LWP for each line
// (model=thread), the alarm comes through. With model=classic no handler blocks, and nobody may
// wait with a spin mutex.
#include "callout/pause.hpp"
#include "dev/rtc.hpp"
#include "dev/uart.hpp"
#include "hart/model.hpp"
#include "hart/report.hpp"
#include "scenario/contender.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

namespace scenario {

namespace {

constexpr u64 alarm_ns = 1'000'000;

constinit sync::Mutex buffer;
constinit hart::Cell<u32> bytes, alarms;
constinit hart::Cell<bool> over;
constinit Contender handler; // of the port
constinit bool came_in_time = false;

void on_byte(u8) {
    handler.comes();
    sync::MutexGuard guard(buffer);
    bytes.add(1);
}

void on_alarm() {
    alarms.add(1);
}

/// Has the mutex until the alarm has come, or until the kernel has said that it cannot.
void hold(void*) {
    {
        sync::MutexGuard guard(buffer);
        dev::uart.loop('x');
        while (!handler.waits())
            callout::pause(1);
        dev::rtc.set_alarm(alarm_ns);
        while (alarms.get() == 0 && hart::reports(trace::ReportKind::run_out) == 0)
            callout::pause(1);
        came_in_time = alarms.get() != 0;
    }
    over.publish(true);
}

void check_all(bool starves) {
    u32 reports = hart::reports(trace::ReportKind::run_out);
    if (starves) {
        check("the alarm could not come while the other handler was blocked", !came_in_time);
        check("the kernel reported who waits for whom", reports != 0, reports);
    } else {
        check("the alarm came while the other handler was blocked", came_in_time);
        check("there was nothing to report", reports == 0, reports);
    }
    check("the byte arrived in the end", bytes.get() == 1, bytes.get());
    check("the alarm came in the end", alarms.get() == 1, alarms.get());
}

} // namespace

void runout() {
    if (!hart::is_threaded(hart::ipl::serial)) {
        phase("no handler has an LWP here, so there is none to run out of");
        return;
    }
    buffer.init("buffer");
    dev::uart.set_receiver(on_byte);
    check("there is an alarm clock", dev::rtc.start(0, on_alarm, hart::ipl::serial));

    phase("a handler blocks, and the lock's release needs another interrupt of its level");
    sched::spawn({.name = "holder", .home = hart::hart_id(0)}, hold, nullptr);
    while (!over.get() || bytes.get() == 0 || alarms.get() == 0)
        callout::pause(1);
    dev::uart.set_receiver(nullptr);

    const hart::Interrupts& with = hart::interrupts;
    bool borrows = with.model == trace::Model::borrow;
    check_all(borrows && (irq::pool_size == 1 || with.mask == hart::Mask::level));
}

} // namespace scenario
