// SPDX-License-Identifier: BSD-2-Clause
#include "workload_callouts.hpp"

#include "callout/callout.hpp"
#include "hart/panic.hpp"

namespace simulated {

namespace {

using callout::Interlock;
using callout::Result;
using callout::Speed;

hart::SpinMutex spin{"callouts' spin", hart::ipl::clock};
sync::Mutex mutex;

struct Subject {
    callout::Callout callout;
    Interlock lock;
    hart::Cell<int> inside;
    hart::Cell<unsigned> runs;
};

constexpr unsigned count = 6;
Subject subjects[count];

void run(void* argument) {
    auto& subject = *static_cast<Subject*>(argument);
    ASSERT(subject.inside.add(1) == 0); // never twice at a time
    ASSERT(!subject.lock.any() || subject.lock.held());
    unsigned turn = subject.runs.add(1);
    for (unsigned i = 0; i < turn % 5; i++)
        arch::preemption_point();
    if (turn % 3 == 0)
        static_cast<void>(subject.callout.schedule_on(turn % hart::hart_count, 1 + turn % 2));
    if (turn % 7 == 0)
        static_cast<void>(subject.callout.stop());
    ASSERT(subject.inside.add(-1) == 1);
}

/// With the callout's lock held exclusively a stop is definitive.
void stop_with_lock(Subject& subject) {
    callout::Holding holding(subject.lock);
    ASSERT(subject.callout.stop() != Result::running);
    ASSERT(!subject.lock.any() || subject.inside.peek() == 0);
}

} // namespace

void set_up_callouts() {
    struct Kind {
        const char* name;
        Speed speed;
        Interlock lock;
    };
    mutex.init("callouts' mutex", hart::ipl::softclock);
    const Kind kinds[count] = {
        {"slow.a", Speed::slow, {}},      {"slow.b", Speed::slow, {}},
        {"fast", Speed::fast, {}},        {"fast.spin", Speed::fast, spin},
        {"slow.spin", Speed::slow, spin}, {"slow.mutex", Speed::slow, mutex}};
    for (unsigned i = 0; i < count; i++) {
        subjects[i].lock = kinds[i].lock;
        subjects[i].callout.init(kinds[i].name, kinds[i].speed, kinds[i].lock);
        static_cast<void>(
            subjects[i].callout.reset_on(i % hart::hart_count, 1 + i % 2, run, &subjects[i]));
    }
}

void control_any_callout(Random& random) {
    Subject& subject = subjects[random.below(count)];
    callout::Callout& callout = subject.callout;
    switch (random.below(7)) {
    case 0:
        static_cast<void>(callout.schedule(random.below(3)));
        return;
    case 1:
        static_cast<void>(callout.schedule_on(random.below(hart::hart_count), random.below(3)));
        return;
    case 2:
        static_cast<void>(callout.try_stop());
        return;
    case 3:
        static_cast<void>(callout.halt());
        return;
    case 4:
        static_cast<void>(callout.drain());
        return;
    case 5:
        callout.ack();
        return;
    default:
        if (subject.lock.any())
            stop_with_lock(subject);
    }
}

void tear_down_callouts() {
    for (Subject& subject : subjects) {
        static_cast<void>(subject.callout.drain());
        ASSERT(subject.inside.peek() == 0);
        ASSERT(!subject.callout.pending());
        subject.callout.destroy();
    }
}

} // namespace simulated
