// SPDX-License-Identifier: BSD-2-Clause
#include "callout/timeout.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "lib/line.hpp"

#include <optional>

namespace callout {

namespace {

/// The callout that an LWP owns for its timed waits.
struct Own {
    Callout callout;
    lib::Line name;
};
constinit Own owned[sched::max_lwps] = {}; // by LWP id - 1

/// In the timer interrupt.
void time_out(void* lwp) {
    hart::SpinGuard guard(sched::lock);
    sched::wake_if_due(*static_cast<sched::Lwp*>(lwp), ticks());
}

Callout& own_callout() {
    sched::Lwp& self = sched::current();
    Own& own = owned[self.current.id - 1];
    if (own.callout.id() == trace::CalloutId::none) {
        own.name.add("timeout of LWP ", self.current.id);
        own.callout.init(own.name.text(), Speed::fast);
    }
    return own.callout;
}

} // namespace

Ticks deadline_in(Ticks delta) {
    Ticks deadline = ticks() + (delta == 0 ? 1 : delta);
    return deadline == sched::no_deadline ? deadline + 1 : deadline;
}

Timeout::Timeout(Ticks deadline)
    : callout_(own_callout())
    , deadline_(deadline) {
    ASSERT(deadline != sched::no_deadline);

    std::optional<hart::SpinGuard> naive;
    if (hart::mutated(hart::Mutation::timeout_under_lock))
        naive.emplace(sched::lock);
    if (later(deadline, ticks()))
        static_cast<void>(callout_.reset_at(deadline, time_out, &sched::current()));
}

// It may be firing on another hart at this moment. That is harmless: see above.
Timeout::~Timeout() {
    static_cast<void>(callout_.try_stop());
}

sched::WakeReason Timeout::sleep(sched::SleepQueue& queue, const char* primitive) {
    ASSERT(sched::lock.held());
    if (!callout_.pending())
        return sched::WakeReason::timed_out;
    return queue.sleep(primitive, deadline_);
}

} // namespace callout
