// SPDX-License-Identifier: BSD-2-Clause
// race, waiting and being called back: conditions, handlers and softints.
#include "callout/pause.hpp"
#include "dev/uart.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/softint.hpp"
#include "scenario/race.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/semaphore.hpp"

namespace scenario {

namespace {

constinit sync::Mutex mutex;

/// What must come, comes, however late: if not, the run never ends, and that is a failure.
void wait_until(bool (*done)()) {
    while (!done())
        callout::pause(1);
}

// ---- condition ----------------------------------------------------------------------------------

constinit sync::Condition arrived;
constinit u32 waiting = 0, tokens = 0; // protected by `mutex`
constexpr u32 takers = 2;

bool all_wait() {
    sync::MutexGuard guard(mutex);
    return waiting == takers;
}

void give_tokens() {
    wait_until(all_wait);
    for (u32 i = 0; i < takers; i++) {
        sync::MutexGuard guard(mutex);
        tokens++;
        arrived.signal();
    }
}

/// Each signal is for one, so whoever wakes up finds a token.
void take_token() {
    sync::MutexGuard guard(mutex);
    waiting++;
    arrived.wait(mutex);
    ASSERT(tokens > 0);
    tokens--;
}

// ---- handler ------------------------------------------------------------------------------------

constinit u32 received = 0; // protected by `mutex`

void receive(u8) {
    sync::MutexGuard guard(mutex);
    received++;
}

void interrupt_yourself() {
    sync::MutexGuard guard(mutex);
    dev::uart.loop('1');
}

void be_in_the_way_of(sync::Mutex& which) {
    sync::MutexGuard guard(which);
    linger(which);
}

void be_in_the_way() {
    be_in_the_way_of(mutex);
}

// ---- softint ------------------------------------------------------------------------------------

constinit sync::Mutex softints_mutex;
constinit irq::Softint softint;
constinit hart::Cell<u32> scheduled, seen; // seen: the count of schedules that the last run saw

void on_softint(void*) {
    u32 so_far = scheduled.get();
    sync::MutexGuard guard(softints_mutex); // anything may happen in here
    seen.set(so_far);
}

void schedule_twice() {
    for (unsigned i = 0; i < 2; i++) {
        hart::PreemptGuard guard;
        scheduled.add(1);
        softint.schedule();
    }
}

// ---- one after the other ------------------------------------------------------------------------

constexpr unsigned runners = 4, laps = 2;
constinit sync::Semaphore turns[runners];
constinit hart::Cell<u32> handed_on;

/// Whoever has the baton is alone, whatever harts the others stand on.
template <unsigned me> void run_with_baton() {
    for (unsigned lap = 0; lap < laps; lap++) {
        turns[me].wait();
        ASSERT(handed_on.get() == lap * runners + me);
        {
            sync::MutexGuard guard(mutex);
            handed_on.add(1);
        }
        turns[(me + 1) % runners].post();
    }
}

void fire_the_gun() {
    callout::pause(3);
    turns[0].post();
}

} // namespace

void race_baton() {
    handed_on.set(0);
    mutex.init("track");
    for (sync::Semaphore& turn : turns)
        turn.init("turn", 0);
    play_together({{"first", 0, run_with_baton<0>},
                   {"second", 1, run_with_baton<1>},
                   {"third", 2, run_with_baton<2>},
                   {"fourth", 3, run_with_baton<3>},
                   {"starter", 0, fire_the_gun}});
    check("it went round", handed_on.get() == runners * laps, handed_on.get());
    mutex.destroy();
}

void race_condition() {
    mutex.init("tokens");
    arrived.init("arrived");
    play_together({{"giver", 0, give_tokens}, {"a", 1, take_token}, {"b", 0, take_token}});
    check("no token is left", tokens == 0, tokens);
    mutex.destroy();
}

void race_handler() {
    mutex.init("bytes", hart::ipl::serial);
    dev::uart.set_receiver(receive);
    play_together({{"victim", 0, interrupt_yourself}, {"sleeper", 1, be_in_the_way}});
    wait_until([] {
        sync::MutexGuard guard(mutex);
        return received == 1;
    });
    check("the byte has arrived", true);
    dev::uart.set_receiver(nullptr);
    mutex.destroy();
}

void race_softint() {
    softints_mutex.init("softint's", hart::ipl::softnet);
    softint.establish("counter", hart::ipl::softnet, on_softint, nullptr);
    play_together({{"scheduler", 0, schedule_twice},
                   {"sleeper", 1, [] { be_in_the_way_of(softints_mutex); }}});
    wait_until([] { return seen.get() == scheduled.get(); });
    check("the last run saw all", true);
}

} // namespace scenario
