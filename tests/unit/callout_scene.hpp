// SPDX-License-Identifier: BSD-2-Clause
// What the tests of callouts share: a timer, functions for it, and how to let one run on another
// hart and stand in the middle of it.
#pragma once

#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

namespace simulated::callouts {

using callout::Policy;
using callout::Result;
using callout::Speed;

inline callout::Callout timer, other;
inline sync::Mutex mutex;
inline hart::Cell<unsigned> calls;
inline hart::Cell<bool> inside, done;

inline void take_long(void*) {
    inside.set(true);
    for (unsigned i = 0; i < 50; i++)
        arch::relax();
    inside.set(false);
    calls.add(1);
}

inline void wants_mutex(void*) {
    inside.set(true);
    sync::MutexGuard guard(mutex);
    calls.add(1);
    inside.set(false);
}

inline unsigned other_hart() {
    return (hart::here() + 1) % hart::hart_count;
}

/// The function runs on another hart (if there is one), and has just begun.
inline void let_run(callout::Function function) {
    timer.init("timer");
    static_cast<void>(timer.reset_on(other_hart(), 1, function, nullptr));
    while (!inside.peek())
        arch::relax();
}

inline Options policy(Policy which, unsigned harts = 2) {
    return {.harts = harts, .calm = quiet, .policy = which};
}

inline void resetit() { // S1.13, corrected
    mutex.init("mutex");
    mutex.enter();
    let_run(wants_mutex);
    static_cast<void>(timer.reset(5, wants_mutex, nullptr));
    mutex.exit();
    static_cast<void>(timer.halt());
}

inline void deadlocks(const Options& options, void (*body)(), const std::string& sentence) {
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.panicked(sentence)) << ending(run);
    EXPECT_EQ(run.count<trace::Report>(0, run.events.size()) > 0, true);
}

inline void dies(void (*body)(), const std::string& sentence,
                 const Options& options = {.calm = quiet}) {
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.panicked(sentence)) << ending(run);
}

} // namespace simulated::callouts
