// SPDX-License-Identifier: BSD-2-Clause
// Tearing down: whoever may free an object with a callout in it, exactly one does, in every race
// (S4.10 … S4.15). The objects come from the heap, so AddressSanitizer sees whoever comes too late.
#include "fold.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "callout/pause.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "sched/sched.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <type_traits>

namespace {

using namespace simulated;
using callout::Result;
using callout::Speed;

// M9: an answer of three values cannot be taken for one of two.
static_assert(!std::is_convertible_v<Result, bool> && !std::is_convertible_v<Result, int>);

constexpr Options calm{.calm = quiet};

hart::Cell<unsigned> made, freed, fired, rearmed;
sync::Mutex mutex;
sync::RwLock rw;
hart::SpinMutex spin{"spin", hart::ipl::clock};

struct Object {
    callout::Callout callout;
    u64 payload = 0x900d;
    unsigned again = 0; // times that the function arms it once more

    Object() { made.add(1); }
    ~Object() {
        callout.destroy();
        payload = 0xdead;
        freed.add(1);
    }
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
};

void free_object(void* object) {
    delete static_cast<Object*>(object);
}

void use_object(void* argument) {
    auto& object = *static_cast<Object*>(argument);
    ASSERT(object.payload == 0x900d);
    for (unsigned i = 0; i < 4; i++)
        arch::preemption_point();
    fired.add(1);
    if (object.again > 0) {
        object.again--;
        rearmed.add(1);
        static_cast<void>(object.callout.schedule(1));
    }
    ASSERT(object.payload == 0x900d);
}

// ---- one race after the other -------------------------------------------------------------------

u64 state;
unsigned below(unsigned bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<unsigned>((state >> 32) % bound);
}

void loiter(unsigned steps) {
    for (unsigned i = 0; i < steps; i++)
        arch::preemption_point();
}

enum Way : unsigned {
    by_drain_async,
    by_halt,
    by_drain,
    by_definitive_stop, // with the callout's lock held
    by_both,            // stop, and drain_async if that said running
    by_itself,          // the function frees it
    ways
};

void init(Object& object, unsigned lock) {
    Speed speed = lock != 1 && lock != 3 && below(4) == 0 ? Speed::fast : Speed::slow;
    switch (lock) {
    case 0:
        return object.callout.init("race", speed);
    case 1:
        return object.callout.init("race with mutex", Speed::slow, mutex);
    case 2:
        return object.callout.init("race with spin", speed, spin);
    default:
        return object.callout.init("race with rw", Speed::slow, {rw, trace::Hold::exclusive});
    }
}

void stop_with_lock_and_free(Object& object, unsigned lock) {
    callout::Interlock interlock;
    if (lock == 1)
        interlock = mutex;
    if (lock == 2)
        interlock = spin;
    if (lock == 3)
        interlock = {rw, trace::Hold::exclusive};
    // What is in flight still takes and releases the lock, but knows the object no more.
    callout::Holding holding(interlock);
    Result result = object.callout.stop();
    ASSERT(result != Result::running); // definitive (S4.7)
    delete &object;
}

void tear_down(Object& object, Way way, unsigned lock) {
    Result result;
    switch (way) {
    case by_drain_async:
        if (object.callout.drain_async(free_object, &object))
            delete &object;
        return;
    case by_halt:
        static_cast<void>(object.callout.halt());
        delete &object;
        return;
    case by_drain:
        static_cast<void>(object.callout.drain());
        delete &object;
        return;
    case by_definitive_stop:
        stop_with_lock_and_free(object, lock);
        return;
    case by_both:
        result = object.callout.stop();
        if (object.callout.drain_async(free_object, &object))
            delete &object;
        else
            ASSERT(result == Result::running); // nobody else arms it
        return;
    default:
        return;
    }
}

hart::Cell<unsigned> gone;

void free_itself(void* argument) {
    auto* object = static_cast<Object*>(argument);
    loiter(3);
    delete object;
    gone.add(1);
}

void race(unsigned) {
    auto* object = new Object;
    unsigned lock = below(4);
    Way way = static_cast<Way>(below(ways));
    if (way == by_definitive_stop && lock == 0)
        lock = 1 + below(3);
    if (way == by_both && lock != 0)
        way = by_drain_async;
    init(*object, lock);
    unsigned before = gone.peek();
    object->again = way == by_definitive_stop ? 0 : below(3);
    static_cast<void>(object->callout.reset_on(
        below(hart::hart_count), 1, way == by_itself ? free_itself : use_object, object));
    if (way == by_itself) { // armed and never stopped: it must come
        while (gone.peek() == before)
            arch::relax();
        return;
    }
    // Something between "long before it is due" and "long after".
    for (callout::Ticks due = callout::ticks() + 1; below(3) != 0 && callout::ticks() != due;)
        loiter(below(16));
    loiter(below(40));
    if (below(8) == 0)
        static_cast<void>(object->callout.schedule_on(below(hart::hart_count), below(2)));
    tear_down(*object, way, lock);
}

unsigned rounds = 0;

void hammer() {
    mutex.init("mutex");
    rw.init("rw");
    state = chosen_seed() * 0x9e3779b97f4a7c15 + 1;
    for (unsigned i = 0; i < rounds; i++)
        race(i);
    while (freed.peek() != made.peek()) // what drain_async has left to others
        arch::relax();
    ASSERT(freed.peek() == rounds);
}

unsigned long wanted(const char* variable, unsigned long otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

} // namespace

/// RACES=1000000 build/test-unit --gtest_filter='Drain.a_hammer*' looks longer.
TEST(Drain, a_hammer_of_races_between_arming_firing_and_tearing_down_frees_each_object_once) {
    constexpr unsigned rounds_per_boot = 2000;
    unsigned long races = wanted("RACES", 12'000);
    rounds = rounds_per_boot;
    for (unsigned long seed = 1; seed * rounds_per_boot <= races; seed++) {
        Outcome run = boot({.harts = 1 + static_cast<unsigned>(seed % 4),
                            .seed = seed,
                            .calm = 3u << seed % 5,
                            .hz = 8000, // a tick every 125 steps, so that races are close
                            .traced = false,
                            .lockcheck = false},
                           hammer);
        ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
    }
}

TEST(Drain, every_event_of_such_races_is_possible) {
    rounds = 60;
    for (unsigned long seed = 1; seed <= 24; seed++) {
        Outcome run = boot({.harts = 1 + static_cast<unsigned>(seed % 4),
                            .seed = seed,
                            .calm = 3u << seed % 5,
                            .steps_per_tick = 1,
                            .hz = 2000},
                           hammer);
        ASSERT_TRUE(run.passed()) << "seed " << seed << "\n" << ending(run);
        ASSERT_EQ(contradiction(run), "") << "seed " << seed;
    }
}

TEST(Drain, the_function_may_destroy_and_free_its_callout) {
    auto body = [] {
        auto* object = new Object;
        object->callout.init("mayfly");
        static_cast<void>(object->callout.reset(1, free_itself, object));
        callout::pause(3);
        ASSERT(freed.peek() == 1);
    };
    Outcome run = boot(calm, body);
    EXPECT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");

    run = boot({.calm = quiet, .mutation = hart::Mutation::touches_freed}, body); // M4
    EXPECT_TRUE(run.crashed) << "nobody saw that a freed callout was written to";
}

TEST(Drain, freeing_an_object_because_stop_has_returned_is_seen) { // M5, S4.10
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        auto* object = new Object;
        object->callout.init("race");
        static hart::Cell<bool> inside, go_on;
        static_cast<void>(object->callout.reset_on(
            1 - hart::here(), 1,
            [](void* argument) {
                inside.set(true);
                while (!go_on.peek())
                    arch::relax();
                use_object(argument);
            },
            object));
        while (!inside.peek())
            arch::relax();
        Result result = object->callout.stop();
        ASSERT(result == Result::running); // … and is not listened to
        operator delete(object);
        go_on.set(true);
        callout::pause(2);
    });
    EXPECT_TRUE(run.crashed) << ending(run);
}

TEST(Drain, nobody_can_arm_a_callout_again_that_is_being_drained) {
    Outcome run = boot({.harts = 2, .calm = quiet}, [] {
        static hart::Cell<bool> inside, go_on;
        static callout::Callout timer;
        timer.init("timer");
        static_cast<void>(timer.reset_on(
            1 - hart::here(), 1,
            [](void*) {
                inside.set(true);
                if (fired.add(1) == 1)
                    return;
                while (!go_on.peek())
                    arch::relax();
                ASSERT(timer.schedule(1) == Result::running);
                ASSERT(!timer.pending());
            },
            nullptr));
        while (!inside.peek())
            arch::relax();
        ASSERT(!timer.drain_async([](void*) { freed.add(1); }, nullptr));
        go_on.set(true);
        while (freed.peek() == 0)
            arch::relax();
        callout::pause(4);
        ASSERT(fired.peek() == 1);
        ASSERT(freed.peek() == 1);
        static_cast<void>(timer.schedule(1)); // the drain is over: now it may be
        callout::pause(2);
        ASSERT(fired.peek() == 2);
        timer.destroy();
    });
    EXPECT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::CalloutDrained>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(Drain, the_answers_before_and_after) {
    Outcome run = boot(calm, [] {
        static callout::Callout timer;
        auto never = [](void*) { hart::panic("called"); };
        timer.init("timer");
        ASSERT(timer.drain_async(never, nullptr)); // idle
        static_cast<void>(timer.reset(3, never, nullptr));
        ASSERT(timer.drain() == Result::cancelled);
        ASSERT(timer.drain() == Result::not_pending);
        static_cast<void>(timer.schedule(3));
        ASSERT(timer.drain_async(never, nullptr));
        callout::pause(5);
        timer.destroy();
    });
    EXPECT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}
