// SPDX-License-Identifier: BSD-2-Clause
// The tour: everything once, in chapters that a person can follow.
//
//   typist ──loop(byte)──▶ uart0 ──▶ intr.serial: into `line`, schedules the softint
//                                        softserial: wakes the reader
//   reader ◀──condition── `line` under the mutex "line"
//   alarm of rtc0, a callout that re-arms itself, and two crunchers that only compute
//
// The handler of the port enters the mutex "line". Nearly always that is free and it completes. Now
// and then the typist sends a byte while holding the mutex: the handler finds its own victim in the
// way, blocks, and the typist goes on, because it must: it is the one who will release the mutex.
#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "dev/rtc.hpp"
#include "dev/uart.hpp"
#include "irq/softint.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"

namespace scenario {

namespace {

constexpr u32 words = 12;
constexpr u32 longest_word = 5;
constexpr u64 alarm_ns = 7'000'000;
constexpr u32 alarms_wanted = 4;
constexpr callout::Ticks blink_ticks = 2;
constexpr u32 blinks_wanted = 8;
constexpr u8 end_of_word = ' ';

sync::Mutex line_mutex;
sync::Condition line_changed;
irq::Softint deliver;
callout::Callout blink;

struct Line {
    u32 received = 0; // bytes, by the handler
    u32 complete = 0; // words, by the handler
    u32 read = 0;     // words, by the reader
    u64 sum = 0;      // of all bytes
};
constinit Line line; // protected by line_mutex
constinit hart::Cell<u32> alarms, blinks, handed_over;
constinit hart::Cell<u32> crunching;

/// In the handler of uart0.
void on_byte(u8 byte) {
    sync::MutexGuard guard(line_mutex);
    line.received++;
    line.sum += byte;
    if (byte == end_of_word) {
        line.complete++;
        deliver.schedule();
    }
}

/// In the softint LWP: what the handler leaves for later.
void wake_reader(void*) {
    handed_over.add(1);
    sync::MutexGuard guard(line_mutex);
    line_changed.signal();
}

/// In the handler of rtc0.
void on_alarm() {
    if (alarms.add(1) + 1 < alarms_wanted)
        dev::rtc.set_alarm(alarm_ns);
}

/// In the softclock LWP.
void on_blink(void*) {
    if (blinks.add(1) + 1 < blinks_wanted)
        static_cast<void>(blink.schedule(blink_ticks));
}

void read_words(void*) {
    sync::MutexGuard guard(line_mutex);
    while (line.read < words) {
        while (line.read == line.complete)
            line_changed.wait(line_mutex);
        line.read++;
        line_changed.broadcast();
    }
}

void crunch(void*) {
    Random random(2);
    u64 sink = 0;
    while (crunching.peek() != 0)
        sink ^= random.next();
    asm volatile("" ::"r"(sink));
}

struct Typed {
    u32 bytes = 0;
    u64 sum = 0;
};

void type(Typed& typed, u8 byte) {
    dev::uart.loop(byte);
    typed.bytes++;
    typed.sum += byte;
}

/// One word; its last byte is sent with the mutex held if `in_the_way`.
void type_word(Typed& typed, Random& random, bool in_the_way) {
    u64 letters = 1 + random.below(longest_word);
    for (u64 i = 0; i < letters; i++)
        type(typed, static_cast<u8>('a' + random.below(26)));
    if (!in_the_way)
        return type(typed, end_of_word);
    sync::MutexGuard guard(line_mutex);
    type(typed, end_of_word);
}

void wait_until_read(u32 count) {
    sync::MutexGuard guard(line_mutex);
    while (line.read < count)
        line_changed.wait(line_mutex);
}

struct Typist {
    Typed& typed;
    Random& random;
};

/// By an LWP that is bound to hart 0, where the port interrupts: so it is the victim.
void be_in_the_way(void* argument) {
    Typist& typist = *static_cast<Typist*>(argument);
    for (u32 word = 2 * words / 3; word < words; word++) {
        type_word(typist.typed, typist.random, word % 2 == 0 || typist.random.below(2) == 0);
        wait_until_read(word + 1);
    }
}

void set_up() {
    line_mutex.init("line", hart::ipl::serial); // its highest user is the handler of uart0
    line_changed.init("line changed");
    deliver.establish("deliver", hart::ipl::softserial, wake_reader, nullptr);
    blink.init("blink");
    crunching.set(1);
    dev::uart.set_receiver(on_byte);
    check("there is an alarm clock", dev::rtc.start(0, on_alarm));
    sched::spawn({.name = "reader", .priority = sched::kernel_priority + 8}, read_words, nullptr);
    for (const char* name : {"crunch.a", "crunch.b"})
        sched::spawn({.name = name, .priority = sched::user_priority}, crunch, nullptr);
}

} // namespace

void tour() {
    set_up();
    Typed typed;
    Random random(1);

    phase("bytes arrive: the port's handler borrows the context of whoever runs");
    for (u32 word = 0; word < words / 3; word++) {
        type_word(typed, random, false);
        wait_until_read(word + 1);
    }

    phase("a clock ticks, an alarm rings, a callout comes round again");
    static_cast<void>(blink.reset(blink_ticks, on_blink, nullptr));
    dev::rtc.set_alarm(alarm_ns);
    for (u32 word = words / 3; word < 2 * words / 3; word++) {
        type_word(typed, random, false);
        callout::pause(1 + static_cast<u32>(random.below(3)));
        wait_until_read(word + 1);
    }

    phase("the handler wants a mutex that its own victim holds: it blocks, the victim goes on");
    Typist typist{typed, random};
    sched::join(sched::spawn({.name = "typist", .home = hart::hart_id(0), .joinable = true},
                             be_in_the_way, &typist));

    phase("the end: what was promised");
    while (alarms.peek() < alarms_wanted || blinks.peek() < blinks_wanted)
        callout::pause(1);
    crunching.set(0);
    sync::MutexGuard guard(line_mutex);
    check("every byte arrived", line.received == typed.bytes, line.received);
    check("every byte arrived unchanged", line.sum == typed.sum, line.sum);
    check("every word was read", line.read == words, line.read);
    check("the softint woke the reader", handed_over.peek() != 0, handed_over.peek());
    check("every alarm rang", alarms.peek() == alarms_wanted, alarms.peek());
    check("every callout came", blinks.peek() == blinks_wanted, blinks.peek());
}

} // namespace scenario
