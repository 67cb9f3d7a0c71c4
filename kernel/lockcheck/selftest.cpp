// SPDX-License-Identifier: BSD-2-Clause
#include "lockcheck/selftest.hpp"

#include "hart/model.hpp"
#include "irq/softint.hpp"
#include "lockcheck/order.hpp"
#include "lockcheck/report.hpp"
#include "lockcheck/selftest_patterns.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"

#include <iterator>

namespace lockcheck {

using namespace selftest_patterns;

namespace {

// ---- cases of their own -------------------------------------------------------------------------

Adaptive with_kernel_lock;

void kernel_lock_in_both_orders() {
    with_kernel_lock.init("A");
    for (bool big_first : {true, false, true}) {
        if (big_first)
            sync::kernel_lock.enter();
        with_kernel_lock.enter();
        if (!big_first)
            sync::kernel_lock.enter();
        with_kernel_lock.exit();
        sync::kernel_lock.exit();
    }
}

void kernel_lock_under_a_spin_mutex() {
    static Spin spin;
    spin.init("S");
    spin.enter();
    sync::kernel_lock.enter();
}

/// What a softint does, run by a real one.
void (*in_softint)() = nullptr;
void softint_body(void*) {
    in_softint();
}

void interrupt_with(void (*function)()) {
    static irq::Softint softint;
    if (softint.name() == nullptr)
        softint.establish("selftest", hart::ipl::softnet, softint_body, nullptr);
    in_softint = function;
    softint.schedule();
}

/// Softints of level softnet may interrupt its holder.
hart::SpinMutex open("open", hart::ipl::softbio);

void hold_open() {
    hart::SpinGuard guard(open);
}

// S3.1: an interrupt wants the big lock, while its victim has what the big lock's holder wants.
void kernel_lock_in_a_softint() {
    interrupt_with([] { sync::KernelGuard guard; });
    sync::KernelGuard guard;
    hold_open();
}

Adaptive shared;

// Its owner runs and spins for `open`, so the handler spins for it, on top of who has `open`.
void adaptive_in_a_softint_and_over_an_open_spin_mutex() {
    shared.init("A");
    interrupt_with([] {
        shared.enter();
        shared.exit();
    });
    shared.enter();
    hold_open();
    shared.exit();
}

void adaptive_in_a_softint_and_in_an_lwp() {
    static Adaptive lock;
    lock.init("A");
    static void (*const use)() = [] {
        lock.enter();
        lock.exit();
    };
    use();
    interrupt_with(use);
}

constinit Record function = ready("function", Nature::function, 0);

void run_function(auto& wanted) {
    Inside inside(function);
    wanted.enter();
    wanted.exit();
}

void wait_for_a_function_with_what_it_wants() {
    static Adaptive lock;
    lock.init("A");
    run_function(lock);
    lock.enter();
    entering(function, Hold::exclusive, Site::here());
    lock.exit();
}

void wait_for_a_function_without() {
    static Adaptive lock;
    lock.init("A");
    run_function(lock);
    entering(function, Hold::exclusive, Site::here());
}

// ---- the table ----------------------------------------------------------------------------------

enum class Expected : u8 { nothing, order, safety, deadlock, refusal };
using Case = void (*)();

struct Row {
    const char* name;
    Expected expected;
    Case cases[std::size(columns)]; // null: does not apply
};

template <template <class> class Pattern> constexpr Row all(const char* name, Expected expected) {
    return {name,
            expected,
            {Pattern<Adaptive>::run, Pattern<Spin>::run, Pattern<Rw<Hold::exclusive>>::run,
             Pattern<Rw<Hold::shared>>::run, Pattern<RmWriter>::run, Pattern<RmReader>::run}};
}
/// Without the read-mostly lock: a reader that is refused would leave a tracker behind.
template <template <class> class Pattern> constexpr Row most(const char* name, Expected expected) {
    return {name,
            expected,
            {Pattern<Adaptive>::run, Pattern<Spin>::run, Pattern<Rw<Hold::exclusive>>::run,
             Pattern<Rw<Hold::shared>>::run}};
}
constexpr Row under_spin(bool spins) {
    if (spins)
        return {"lock in a spin mutex: spin", Expected::nothing, {nullptr, UnderSpin<Spin>::run}};
    return {"lock in a spin mutex",
            Expected::refusal,
            {UnderSpin<Adaptive>::run, nullptr, UnderSpin<Rw<Hold::exclusive>>::run,
             UnderSpin<Rw<Hold::shared>>::run, UnderSpin<RmWriter>::run, UnderSpin<RmReader>::run}};
}
constexpr Row one(const char* name, Expected expected, Case only) {
    return {name, expected, {only}};
}

constexpr Row rows[] = {
    all<SameOrder>("AB, AB", Expected::nothing),
    all<BothOrders>("AB, BA", Expected::order),
    all<Triangle>("AB, BC, AC", Expected::nothing),
    all<Circle>("AB, BC, CA", Expected::order),
    most<TryBack>("AB, try BA", Expected::nothing),
    most<Twice>("AA", Expected::refusal),
    most<ExitUnheld>("exit without enter", Expected::refusal),
    all<InitTwice>("init twice", Expected::refusal),
    most<Uninitialised>("enter without init", Expected::refusal),
    most<Destroyed>("enter after destroy", Expected::refusal),
    most<DestroyHeld>("destroy while held", Expected::refusal),
    all<OverSpin>("spin mutex in a lock", Expected::nothing),
    under_spin(false),
    under_spin(true),
    one("kernel_lock and a mutex, both orders", Expected::nothing, kernel_lock_in_both_orders),
    one("kernel_lock in a spin mutex", Expected::refusal, kernel_lock_under_a_spin_mutex),
    one("kernel_lock in a softint, spin mutex in it", Expected::safety, kernel_lock_in_a_softint),
    one("function waited for with its lock", Expected::deadlock,
        wait_for_a_function_with_what_it_wants),
    one("function waited for without it", Expected::nothing, wait_for_a_function_without),
};
/// Where softints have LWPs that can wait.
constexpr Row threaded_rows[] = {
    one("mutex in a softint and in an LWP", Expected::nothing, adaptive_in_a_softint_and_in_an_lwp),
    one("… and over an open spin mutex", Expected::safety,
        adaptive_in_a_softint_and_over_an_open_spin_mutex),
};

// ---- running it ---------------------------------------------------------------------------------

void run_case(void* argument) {
    (*static_cast<const Case*>(argument))();
}

Heard hear(const Case& one) {
    forget_orders();
    begin_expecting();
    const sched::Lwp& lwp = sched::spawn({.name = "selftest", .home = hart::hart_id(hart::here())},
                                         run_case, const_cast<Case*>(&one));
    while (lwp.state.peek() != sched::LwpState::zombie)
        sched::yield();
    return end_expecting();
}

/// All that was heard is of the expected kind. (A read-mostly lock has a mutex inside, whose orders
/// are reported as well.)
bool is_as_expected(Expected expected, const Heard& heard) {
    u32 orders = heard.reports[static_cast<u8>(ReportKind::lock_order)];
    u32 safety = heard.reports[static_cast<u8>(ReportKind::interrupt_safety)];
    u32 deadlocks = heard.reports[static_cast<u8>(ReportKind::deadlock)];
    u32 all = orders + safety + deadlocks + heard.refusals;
    switch (expected) {
    case Expected::nothing:
        return all == 0;
    case Expected::order:
        return orders != 0 && all == orders;
    case Expected::safety:
        return safety != 0 && all == safety;
    case Expected::deadlock:
        return deadlocks != 0 && all == deadlocks;
    case Expected::refusal:
        return heard.refusals == 1 && all == 1;
    }
    return false;
}

constexpr usize first_column = 46, column_width = 9;

void run_row(const Row& row, SelftestResult& result) {
    lib::Line line;
    line.add("  ", row.name);
    for (usize i = 0; i < std::size(columns); i++) {
        line.pad_to(first_column + i * column_width);
        if (row.cases[i] == nullptr) {
            line.add("-");
            continue;
        }
        bool good = is_as_expected(row.expected, hear(row.cases[i]));
        (good ? result.expected : result.unexpected)++;
        line.add(good ? "ok" : "WRONG");
    }
    hart::print(line);
}

} // namespace

SelftestResult selftest() {
    lib::Line head;
    for (usize i = 0; i < std::size(columns); i++) {
        head.pad_to(first_column + i * column_width);
        head.add(columns[i]);
    }
    hart::print(head);

    SelftestResult result;
    for (const Row& row : rows)
        run_row(row, result);
    if (hart::is_threaded(hart::ipl::softnet))
        for (const Row& row : threaded_rows)
            run_row(row, result);
    return result;
}

} // namespace lockcheck
