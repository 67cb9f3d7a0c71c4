// SPDX-License-Identifier: BSD-2-Clause
#include "workload_locks.hpp"

#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"
#include "sync/semaphore.hpp"

namespace simulated {

namespace {

/// Who is inside of something that is read or written.
struct Guests {
    hart::Cell<int> readers, writers;

    void read(unsigned steps) {
        readers.add(1);
        ASSERT(writers.peek() == 0);
        loiter(steps);
        ASSERT(writers.peek() == 0);
        readers.add(-1);
    }
    void write(unsigned steps) {
        ASSERT(writers.add(1) == 0);
        ASSERT(readers.peek() == 0);
        loiter(steps);
        ASSERT(readers.peek() == 0);
        writers.add(-1);
    }
    static void loiter(unsigned steps) {
        for (unsigned i = 0; i < steps; i++)
            arch::preemption_point();
    }
};

sync::RwLock table;
sync::ReadMostlyLock routes;
Guests in_table, in_routes, in_kernel;
sync::Semaphore units;
sync::Mutex bell_mutex;
sync::Condition bell;

void change_table(Random& random) {
    table.enter(trace::Hold::exclusive);
    in_table.write(random.below(8));
    if (random.below(2) == 0) {
        table.downgrade();
        in_table.read(random.below(8));
    }
    table.exit();
}

void read_table(Random& random) {
    table.enter(trace::Hold::shared);
    in_table.read(random.below(8));
    if (random.below(3) == 0 && table.try_upgrade())
        in_table.write(random.below(8));
    table.exit();
}

void visit_routes(Random& random) {
    if (random.below(4) == 0) {
        routes.enter_write();
        in_routes.write(random.below(8));
        routes.exit_write();
        return;
    }
    sync::ReadMostlyLock::Tracker tracker;
    routes.enter_read(tracker);
    in_routes.read(random.below(8));
    if (random.below(3) == 0)
        visit_table(random); // it may block there
    routes.exit_read(tracker);
}

void visit_kernel(Random& random) {
    sync::KernelGuard outer;
    in_kernel.write(random.below(8));
    if (random.below(3) == 0) {
        sync::KernelGuard inner;
        callout::pause(1); // all holds are given up, and had again
        ASSERT(sync::kernel_lock.holds() == 2);
    }
    if (random.below(2) == 0)
        visit_table(random);
    in_kernel.write(random.below(8));
}

void ring_or_wait(Random& random) {
    sync::MutexGuard guard(bell_mutex);
    if (random.below(2) == 0)
        bell.signal();
    else
        static_cast<void>(bell.wait_for(bell_mutex, 1 + random.below(2)));
    ASSERT(bell_mutex.owned());
}

} // namespace

void set_up_locks() {
    table.init("table");
    routes.init("routes");
    units.init("units", 0);
    bell_mutex.init("bell");
    bell.init("rings");
}

void visit_table(Random& random) {
    if (random.below(3) == 0)
        change_table(random);
    else
        read_table(random);
}

void act_with_locks(Random& random) {
    switch (random.below(6)) {
    case 0:
    case 1:
        visit_table(random);
        break;
    case 2:
        visit_routes(random);
        break;
    case 3:
        visit_kernel(random);
        break;
    case 4:
        units.post();
        units.wait();
        break;
    default:
        ring_or_wait(random);
    }
}

} // namespace simulated
