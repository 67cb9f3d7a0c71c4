// SPDX-License-Identifier: BSD-2-Clause
// Harts, interrupts and the clock of the simulated machine: when who moves.
#include "arch/current.hpp"
#include "arch/upcalls.hpp"
#include "simulation.hpp"

namespace arch {

namespace host {

namespace {

struct SimulatedHart {
    sched::Lwp* lwp = nullptr;
    bool started = false;
    bool irq_enabled = false;
    bool waiting = false;
    bool ipi = false;
    u64 deadline = ~u64{0};
    Fibre at;     // where it stands while another hart moves
    Bounds stack; // that it runs on; belongs to whichever LWP that is
};

constexpr usize boot_stack_size = 256 * 1024;
alignas(16) char boot_stack[boot_stack_size];
Current nobody{};

Machine machine;
SimulatedHart harts[max_harts];
unsigned running = 0;
Fibre outside;  // the test that switched the machine on
u64 steps = 0;  // of all harts
u64 jumped = 0; // clock ticks that passed while everybody waited
u32 status = 0;

struct Announced {
    u32 line;
    unsigned times;
};
constexpr unsigned max_announced = 8;
Announced announced[max_announced];
unsigned announced_count = 0;

SimulatedHart& mover() {
    return harts[running];
}

[[noreturn]] void end(u32 with) {
    status = with;
    mover().at.bounds = mover().stack;
    jump(mover().at, outside);
    __builtin_trap();
}

u64 clock() {
    return jumped + steps / machine.steps_per_tick;
}

bool timer_pending(const SimulatedHart& hart) {
    return clock() >= hart.deadline;
}

bool has_interrupt(unsigned number) {
    return harts[number].ipi || timer_pending(harts[number]) || plic_pending(number);
}

bool can_move(unsigned number) {
    return harts[number].started && (!harts[number].waiting || has_interrupt(number));
}

void move(unsigned next) {
    SimulatedHart& from = mover();
    from.at.bounds = from.stack;
    running = next;
    jump(from.at, harts[next].at);
    // Some hart has chosen us again, and has set `running` to say so.
}

/// The next hart after this one, round about, that can move; itself if no other can.
unsigned next_mover() {
    for (unsigned step = 1; step < machine.harts; step++)
        if (unsigned number = (running + step) % machine.harts; can_move(number))
            return number;
    return running;
}

/// Takes what is pending, if interrupts are enabled. The LWP may be on another hart afterwards.
void take_interrupts() {
    while (mover().irq_enabled && has_interrupt(running)) {
        mover().irq_enabled = false;
        if (mover().ipi) {
            mover().ipi = false;
            on_ipi();
        } else if (timer_pending(mover())) {
            on_timer();
        } else {
            on_external_interrupt();
        }
        mover().irq_enabled = true;
    }
}

void fire(Announced& source) {
    raise_line(source.line);
    if (--source.times == 0)
        source = announced[--announced_count];
}

void count_step() {
    if (++steps == machine.step_limit)
        end(status_livelock);
}

void step() {
    count_step();
    unsigned movers[max_harts];
    unsigned count = 0;
    for (unsigned number = 0; number < machine.harts; number++)
        if (number != running && can_move(number))
            movers[count++] = number;
    unsigned choice = machine.choices->pick(1 + count + announced_count);
    if (choice > count)
        fire(announced[choice - count - 1]);
    else if (choice > 0)
        move(movers[choice - 1]);
    take_interrupts();
}

u64 nearest_deadline() {
    u64 nearest = ~u64{0};
    for (unsigned number = 0; number < machine.harts; number++)
        if (harts[number].started && harts[number].deadline < nearest)
            nearest = harts[number].deadline;
    return nearest;
}

/// Everybody waits: what is announced happens, or time passes.
void wake_somebody() {
    if (announced_count > 0) {
        fire(announced[machine.choices->pick(announced_count)]);
        return;
    }
    u64 deadline = nearest_deadline();
    if (deadline == ~u64{0})
        end(status_deadlock);
    if (deadline > clock())
        jumped += deadline - clock();
}

void boot(void*) {
    on_boot();
}

} // namespace

unsigned RandomChoices::pick(unsigned count) {
    if (count == 1 || next() % calm_ != 0)
        return 0;
    return static_cast<unsigned>(next() % count);
}

u64 RandomChoices::next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ >> 11;
}

u32 power_on(const Machine& with) {
    machine = with;
    running = 0;
    mover().started = true;
    mover().lwp = reinterpret_cast<sched::Lwp*>(&nobody);
    mover().stack = {boot_stack, boot_stack_size};
    prepare(mover().at, mover().stack, boot, nullptr);
    jump(outside, mover().at);
    return status;
}

void announce_line(u32 line, unsigned times) {
    if (announced_count < max_announced && times > 0)
        announced[announced_count++] = {line, times};
}

unsigned running_hart() {
    return running;
}

} // namespace host

using host::mover;

sched::Lwp* curlwp() {
    return mover().lwp;
}
void set_curlwp(sched::Lwp* lwp) {
    mover().lwp = lwp;
}

u64 irq_save() {
    bool before = mover().irq_enabled;
    mover().irq_enabled = false;
    return before;
}
void irq_restore(u64 saved) {
    mover().irq_enabled = saved != 0;
    host::take_interrupts();
}
void irq_enable() {
    irq_restore(1);
}
void irq_disable() {
    mover().irq_enabled = false;
}
bool irq_enabled() {
    return mover().irq_enabled;
}

void make_context(Context& context, void* stack, usize size, Entry entry, void* argument) {
    host::prepare(context.fibre, {stack, size}, entry, argument);
}

void switch_to(Context& from, Context& to) {
    from.fibre.bounds = mover().stack;
    mover().stack = to.fibre.bounds;
    host::jump(from.fibre, to.fibre);
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

void wait() {
    host::count_step();
    mover().waiting = true;
    while (!host::has_interrupt(host::running)) {
        unsigned next = host::next_mover();
        if (next == host::running)
            host::wake_somebody();
        else
            host::move(next);
    }
    mover().waiting = false;
}

void relax() {
    host::count_step();
    unsigned next = host::next_mover();
    if (next != host::running)
        host::move(next);
    host::take_interrupts();
}

u64 now() {
    return host::clock();
}
u64 instructions() {
    return host::clock();
}
u64 timebase() {
    return 1'000'000;
}
void set_deadline(u64 deadline) {
    mover().deadline = deadline;
}
void send_ipi(unsigned hart) {
    host::harts[hart].ipi = true;
}

unsigned hart_count() {
    return host::machine.harts;
}
void start_hart(unsigned hart, sched::Lwp* lwp, void* stack, usize size, Entry entry,
                void* argument) {
    host::SimulatedHart& other = host::harts[hart];
    other.lwp = lwp;
    other.stack = {stack, size};
    host::prepare(other.at, other.stack, entry, argument);
    other.started = true;
}
void guard_page(void*) {} // the sanitizers see more than a guard page would

const char* boot_arguments() {
    return host::machine.arguments;
}

void halt(u32 status) {
    host::end(status);
}
void console_write(const char* bytes, usize size) {
    if (host::machine.write_console != nullptr)
        host::machine.write_console(bytes, size);
}
void preemption_point() {
    if (mover().started)
        host::step();
}
void trace_gate() {
    if (host::machine.on_record != nullptr)
        host::machine.on_record();
}

} // namespace arch
