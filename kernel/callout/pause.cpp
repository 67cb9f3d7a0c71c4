// SPDX-License-Identifier: BSD-2-Clause
#include "callout/pause.hpp"

#include "callout/timeout.hpp"

namespace callout {

namespace {

constinit sched::SleepQueue paused;

} // namespace

void init_pause() {
    paused.init("pause");
}

void pause(Ticks delta) {
    sched::assert_sleepable("pause");
    Timeout timeout(deadline_in(delta));
    hart::SpinGuard guard(sched::lock);
    static_cast<void>(timeout.sleep(paused, "pause"));
}

} // namespace callout
