// SPDX-License-Identifier: BSD-2-Clause
#include "callout/pause.hpp"

#include "callout/clock.hpp"
#include "lib/line.hpp"

namespace callout {

namespace {

constinit sched::SleepQueue paused;

/// The callout that an LWP owns for its timed waits.
struct Timeout {
    Callout callout;
    lib::Line name;
};
constinit Timeout timeouts[sched::max_lwps]; // by LWP id - 1

/// In softclock, on the hart whose ticks the deadline counts.
void time_out(void* lwp) {
    sched::wake_if_due(*static_cast<sched::Lwp*>(lwp), ticks());
}

Callout& timeout_of(sched::Lwp& lwp) {
    Timeout& timeout = timeouts[lwp.current.id - 1];
    if (timeout.callout.id() == trace::CalloutId::none) {
        timeout.name.add("pause of ", static_cast<const char*>(lwp.name));
        timeout.callout.init(timeout.name.text());
    }
    return timeout.callout;
}

} // namespace

void init_pause() {
    paused.init("pause");
}

void pause(Ticks delta) {
    sched::assert_sleepable("pause");
    sched::Lwp& self = sched::current();
    Callout& timeout = timeout_of(self);
    // The wheel's lock comes before sched::lock, so the timeout is armed first and may fire before
    // we sleep. It is pending no more then; and if it is pending now, time_out has yet to take
    // sched::lock, and will find us on the queue.
    timeout.reset(delta, time_out, &self);
    {
        hart::SpinGuard guard(sched::lock);
        if (timeout.pending())
            paused.sleep("pause", timeout.due_at());
    }
    timeout.halt();
}

} // namespace callout
