// SPDX-License-Identifier: BSD-2-Clause
// The machine interface on simulated harts: each of them a few words, the LWPs' contexts fibres.
#include "arch/current.hpp"
#include "arch/upcalls.hpp"
#include "state.hpp"

namespace arch {

namespace host {

namespace {

constexpr usize boot_stack_size = 256 * 1024;
[[gnu::section(".bss.stacks")]] alignas(4096) char boot_stack[boot_stack_size];
Current nobody{};
NoChoices no_choices;

void boot(void*) {
    on_boot();
}

} // namespace

u32 power_on(const Machine& with) {
    simulation.machine = with;
    if (with.stops_at_workload)
        simulation.machine.choices = &no_choices;
    simulation.running = 0;
    mover().started = true;
    mover().lwp = reinterpret_cast<sched::Lwp*>(&nobody);
    mover().stack = {boot_stack, boot_stack_size};
    prepare(mover().at, mover().stack, boot, nullptr);
    jump(simulation.outside, mover().at);
    return simulation.status;
}

u32 go_on(Choices& choices) {
    simulation.machine.choices = &choices;
    simulation.steps = 0;
    jump(simulation.outside, mover().at);
    return simulation.status;
}

} // namespace host

using namespace host;

sched::Lwp* curlwp() {
    return mover().lwp;
}
// The fences around it are for stores that are on their way.
void set_curlwp(sched::Lwp* lwp) {
    drain_stores(simulation.running);
    mover().lwp = lwp;
    note_progress();
}

u64 irq_save() {
    bool before = mover().irq_enabled;
    mover().irq_enabled = false;
    return before;
}
void irq_restore(u64 saved) {
    if (saved != 0)
        irq_enable();
}
void irq_enable() {
    if (mover().irq_enabled)
        return;
    stand_before(Access::own, nullptr);
    mover().irq_enabled = true;
    take_interrupts();
}
void irq_disable() {
    mover().irq_enabled = false;
}
bool irq_enabled() {
    return mover().irq_enabled;
}

void make_context(Context& context, void* stack, usize size, Entry entry, void* argument) {
    prepare(context.fibre, {stack, size}, entry, argument);
}

void switch_to(Context& from, Context& to) {
    stand_before(Access::contexts, &from, &to);
    from.fibre.bounds = mover().stack;
    mover().stack = to.fibre.bounds;
    jump(from.fibre, to.fibre);
}

namespace {

struct Loan {
    Context* victim;
    Context* handler;
    Entry entry;
    void* argument;
};

/// What a handler's fibre runs: entry, and if that ever returns, back to the victim.
void run_loan(void* argument) {
    Loan loan = *static_cast<Loan*>(argument);
    loan.entry(loan.argument);
    switch_to(*loan.handler, *loan.victim);
    __builtin_trap();
}

} // namespace

void borrow(Context& victim, Context& handler, void* stack, usize size, Entry entry,
            void* argument) {
    Loan loan{&victim, &handler, entry, argument};
    make_context(handler, stack, size, run_loan, &loan);
    switch_to(victim, handler);
}

u64 now() {
    return clock();
}
u64 instructions() {
    return simulation.steps;
}
u64 timebase() {
    return 1'000'000;
}
void set_deadline(u64 deadline) {
    mover().deadline = deadline;
}
void send_ipi(unsigned hart) {
    stand_before(Access::device, &simulation.harts[hart].ipi);
    simulation.harts[hart].ipi = true;
}

unsigned hart_count() {
    return simulation.machine.harts;
}
void start_hart(unsigned hart, sched::Lwp* lwp, void* stack, usize size, Entry entry,
                void* argument) {
    SimulatedHart& other = simulation.harts[hart];
    other.lwp = lwp;
    other.stack = {stack, size};
    prepare(other.at, other.stack, entry, argument);
    other.started = true;
}
void guard_page(void*) {} // the sanitizers see more than a guard page would

const char* boot_arguments() {
    return simulation.machine.arguments;
}

void halt(u32 status) {
    end(status);
}
void console_write(const char* bytes, usize size) {
    if (simulation.machine.write_console != nullptr)
        simulation.machine.write_console(bytes, size);
}
void console_claim() {} // what is printed does not pass through the port
void console_release() {}
void trace_gate() {
    if (simulation.machine.on_record != nullptr)
        simulation.machine.on_record();
}
void workload_begins() {
    if (!simulation.machine.stops_at_workload)
        return;
    simulation.status = status_workload;
    mover().at.bounds = mover().stack;
    jump(mover().at, simulation.outside);
}

} // namespace arch
