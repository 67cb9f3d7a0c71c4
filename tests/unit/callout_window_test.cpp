// SPDX-License-Identifier: BSD-2-Clause
// The five windows of softclock_call_cc (S4.7): every control, in each of them, has a result that
// is defined. A second hart stands still in the window while the first one acts.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using callout::Phase;
using callout::Result;

enum class Window {
    pending,  // before it is dequeued
    taken,    // window 1: off the wheel, its lock not yet wanted
    waiting,  // its lock is wanted, and held by who acts
    inside,   // in the function
    returned, // window 2: its lock is released, the run is not over
};
enum class Control { stop, try_stop, reset, drain_async };

struct Try {
    Window window;
    bool locked; // who acts holds the callout's lock
    Control control;
    Result expected;    // drain_async: not_pending means true, running means false
    unsigned functions; // calls in all
};

Try chosen_try;
callout::Callout timer;
sync::Mutex mutex;
hart::Cell<unsigned> functions, sequels;
hart::Cell<bool> armed, go_on;
unsigned target; // the hart that runs the function

callout::Executor& executor() {
    return callout::clocks[target].slow;
}

bool in_window() {
    switch (chosen_try.window) {
    case Window::taken:
        return executor().phase == Phase::taken && mutex.owner() == nullptr;
    case Window::returned:
        return executor().phase == Phase::returned && mutex.owner() == nullptr;
    case Window::waiting:
        return executor().phase == Phase::taken;
    case Window::inside:
        return functions.peek() == 1;
    case Window::pending:
        return true;
    }
    return false;
}

/// The target's hart stands still in the two windows that have no lock of their own.
bool holds(unsigned hart) {
    bool between = chosen_try.window == Window::taken || chosen_try.window == Window::returned;
    return armed.peek() && !go_on.peek() && between && hart == target
           && !callout::clocks[target].lock.held() && in_window();
}

void function(void*) {
    ASSERT(mutex.owned());
    if (functions.add(1) == 0 && chosen_try.window == Window::inside)
        while (!go_on.peek())
            arch::relax();
}

Result act() {
    switch (chosen_try.control) {
    case Control::stop:
        return timer.stop();
    case Control::try_stop:
        return timer.try_stop();
    case Control::reset:
        return timer.schedule(2);
    case Control::drain_async:
        return timer.drain_async([](void*) { sequels.add(1); }, nullptr) ? Result::not_pending
                                                                         : Result::running;
    }
    return Result::running;
}

void body() {
    timer.init("timer", callout::Speed::slow, mutex);
    mutex.init("mutex");
    hart::PreemptGuard stay;
    target = 1 - hart::here();
    if (chosen_try.window == Window::waiting)
        mutex.enter();
    static_cast<void>(
        timer.reset_on(target, chosen_try.window == Window::pending ? 9 : 1, function, nullptr));
    armed.set(true);
    while (!in_window())
        arch::relax();
    bool enters = chosen_try.locked && chosen_try.window != Window::waiting;
    if (enters)
        mutex.enter();
    Result result = act();
    if (enters || chosen_try.window == Window::waiting)
        mutex.exit();
    go_on.set(true);
    if (result != chosen_try.expected)
        hart::panic("another result: ", static_cast<unsigned>(result));
}

void whole_body() {
    body();
    callout::pause(6);
    ASSERT(functions.peek() == chosen_try.functions);
    bool drained_later =
        chosen_try.control == Control::drain_async && chosen_try.expected == Result::running;
    ASSERT(sequels.peek() == (drained_later ? 1 : 0));
    ASSERT(executor().phase == Phase::none);
    static_cast<void>(timer.halt());
    timer.destroy();
}

Outcome try_it(const Try& which, hart::Mutation mutation = hart::Mutation::none) {
    chosen_try = which;
    return boot({.harts = 2, .calm = quiet, .holds = holds, .mutation = mutation}, whole_body);
}

constexpr Result cancelled = Result::cancelled, running = Result::running,
                 not_pending = Result::not_pending;

constexpr Try tries[] = {
    {Window::pending, false, Control::stop, cancelled, 0},
    {Window::pending, true, Control::stop, cancelled, 0},
    {Window::pending, false, Control::reset, cancelled, 1},
    {Window::pending, false, Control::drain_async, not_pending, 0},
    {Window::taken, false, Control::stop, cancelled, 0},
    {Window::taken, true, Control::stop, cancelled, 0},
    {Window::taken, false, Control::try_stop, cancelled, 0},
    {Window::taken, false, Control::reset, cancelled, 1},
    {Window::taken, true, Control::reset, cancelled, 1},
    {Window::taken, false, Control::drain_async, running, 0},
    {Window::waiting, true, Control::stop, cancelled, 0},
    {Window::waiting, true, Control::reset, cancelled, 1},
    {Window::waiting, true, Control::drain_async, running, 0},
    {Window::inside, false, Control::stop, running, 1},
    {Window::inside, false, Control::try_stop, running, 1},
    {Window::inside, false, Control::reset, running, 2},
    {Window::inside, false, Control::drain_async, running, 1},
    {Window::returned, false, Control::stop, running, 1},
    {Window::returned, true, Control::stop, not_pending, 1},
    {Window::returned, false, Control::reset, running, 2},
    {Window::returned, true, Control::reset, not_pending, 2},
    {Window::returned, false, Control::drain_async, running, 1},
    {Window::returned, true, Control::drain_async, running, 1},
};

} // namespace

TEST(Callout, every_control_has_a_defined_result_in_each_of_the_five_windows) {
    for (const Try& one : tries) {
        Outcome run = try_it(one);
        EXPECT_TRUE(run.passed()) << "window " << static_cast<int>(one.window) << ", control "
                                  << static_cast<int>(one.control)
                                  << (one.locked ? ", locked\n" : "\n") << ending(run);
        EXPECT_EQ(contradiction(run), "");
        bool skipped = one.functions == 0 && one.window != Window::pending;
        if (skipped) {
            EXPECT_EQ(run.count<trace::CalloutSkip>(), 1u);
        }
    }
}

TEST(CalloutMutation, a_function_that_is_called_although_it_was_stopped_in_time_is_found) {
    Try stopped{Window::taken, true, Control::stop, cancelled, 0};
    EXPECT_FALSE(try_it(stopped, hart::Mutation::deaf_to_calling_off).passed());
}
