// SPDX-License-Identifier: BSD-2-Clause
// kmain: the kernel comes up, one line per subsystem, in order.
#include "arch/machine.hpp"
#include "arch/upcalls.hpp"
#include "boot/parameters.hpp"
#include "callout/clock.hpp"
#include "dev/virtio_serial.hpp"
#include "hart/panic.hpp"
#include "hart/print.hpp"
#include "irq/irq.hpp"
#include "lockcheck/hook.hpp"
#include "monitor/console.hpp"
#include "monitor/snapshot.hpp"
#include "scenario/bring_up.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/turnstile.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace {

constinit boot::Parameters parameters;

void say(const char* text) {
    lib::Line line;
    line.add(text);
    hart::print(line);
}

/// Refuses what it does not understand: a run that does something else than asked is worse than
/// none.
void read_parameters() {
    lib::Line complaint;
    if (!boot::parse(arch::boot_arguments(), scenario::names(), parameters, complaint)) {
        hart::print(complaint);
        hart::shut_down(arch::refused_status);
    }
}

/// The first events: what kind of run this is, in the words of the person who booted it.
void introduce() {
    trace::record(trace::Boot{.harts = static_cast<u16>(arch::hart_count()),
                              .hz = static_cast<u16>(parameters.hz),
                              .timebase = arch::timebase(),
                              .schema = trace::schema});
    for (u8 level = 0; level < hart::ipl::count; level++)
        trace::name(trace::Kind::level, level, hart::ipl::names[level]);
    boot::for_each(parameters, [](unsigned index, const lib::Line& line) {
        trace::name(trace::Kind::parameter, index, line.text());
    });
}

void apply_parameters() {
    trace::set_mask(parameters.groups);
    trace::set_policy(parameters.delivery == boot::Delivery::live ? trace::Policy::live
                                                                  : trace::Policy::lossless);
    hart::interrupts = parameters.interrupts;
    irq::pool_size = parameters.pool;
    callout::hz = parameters.hz;
    callout::policy = parameters.callout;
    hart::mutation = parameters.mutation;
    sync::inheritance = parameters.inheritance == boot::Switched::on;
    sched::preemption = parameters.preemption == boot::Switched::on;
    if (parameters.lockcheck == boot::Lockcheck::on)
        lockcheck::arm();
}

} // namespace

[[noreturn]] void arch::on_boot() {
    trace::init(arch::hart_count());
    read_parameters();
    apply_parameters();
    introduce();
    if (dev::virtio_serial.start())
        trace::set_sink(&dev::virtio_serial);

    scenario::bring_up();
    monitor::offer_snapshots(introduce);
    if (parameters.scenario != "lab" && !monitor::start_console())
        say("there is no serial port: nothing can be typed");
    scenario::start(parameters.scenario, parameters.play, parameters.seed);
    sched::idle();
}
