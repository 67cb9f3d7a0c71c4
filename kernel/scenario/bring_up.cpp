// SPDX-License-Identifier: BSD-2-Clause
#include "scenario/bring_up.hpp"

#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"

namespace scenario {

namespace {

[[noreturn]] void begin_hart(void*) {
    callout::start();
    sched::idle();
}

} // namespace

void bring_up() {
    hart::hart_count = arch::hart_count();
    sched::Lwp* idle_lwps[arch::max_harts] = {};
    for (unsigned hart = 0; hart < hart::hart_count; hart++)
        idle_lwps[hart] = &sched::create_idle(hart);
    for (sched::Stack& stack : sched::stacks)
        arch::guard_page(stack.guard);
    for (unsigned hart = 0; hart < hart::hart_count; hart++) {
        irq::create_softint_lwps(hart);
        irq::create_interrupt_lwps(hart);
    }
    sync::kernel_lock.init();
    sched::init_join();
    irq::init_lines();
    callout::init_pause();
    callout::start();
    for (unsigned hart = 1; hart < hart::hart_count; hart++) {
        sched::Stack& stack = sched::stack_of(*idle_lwps[hart]);
        arch::start_hart(hart, idle_lwps[hart], stack.bytes, sizeof(stack.bytes), begin_hart,
                         nullptr);
    }
}

} // namespace scenario
