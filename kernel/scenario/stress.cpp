// SPDX-License-Identifier: BSD-2-Clause
// stress: everything at once, with the lock checker armed, and nothing may be found (all seeds).
//
//   typist    sends bytes to the port, which hears itself: an interrupt each. The handler enters
//             the mutex "port", which the typist holds for every other byte.
//   rtc0      its alarm is set again by its handler: an interrupt soon after the last one
//   workers   two per hart: mutexes in order, an RW lock, a read-mostly lock, a condition
//             variable, callouts, softints, levels, kernel_lock, LWPs that are born and die
//
// What is checked: who is inside a mutex is alone there; both halves of what a writer changes are
// seen changed; every byte arrives once; no token is lost; and no checker has reported anything.
//
//   case=all       a few thousand interrupts          case=million     a million
#include "callout/callout.hpp"
#include "callout/pause.hpp"
#include "dev/rtc.hpp"
#include "dev/uart.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/print.hpp"
#include "hart/report.hpp"
#include "irq/softint.hpp"
#include "lockcheck/hook.hpp"
#include "scenario/room.hpp"
#include "scenario/scenario.hpp"
#include "sched/sched.hpp"
#include "sync/kernel_lock.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"

namespace scenario {

namespace {

constexpr u64 few = times<u64>(4'000, 100), million = 1'000'000;
constexpr u32 longest_queue = 8;  // bytes on their way; the port has room for 16
constexpr u64 alarm_ns = 200'000; // some thousand instructions, if QEMU counts 32 ns for each

// ---- what is shared -----------------------------------------------------------------------------

constinit Room rooms[3];

/// Two numbers that are equal whenever nobody writes.
struct Halves {
    u64 left = 0, right = 0;
    void change() {
        left++;
        right++;
    }
    void look() const { ASSERT(left == right); }
};

constinit sync::Mutex port; // shared with the handler: its level
constinit u64 received = 0; // protected by `port`
constinit u64 sent = 0;     // protected by `sending`
constinit sync::Mutex sending;
constinit sync::RwLock rw;
constinit Halves under_rw;
constinit sync::ReadMostlyLock read_mostly;
constinit Halves under_read_mostly;
constinit Halves under_kernel_lock;
constinit sync::Mutex token_mutex;
constinit sync::Condition tokens_changed;
constinit u64 tokens = 0; // protected by `token_mutex`
constinit irq::Softint softint;
constinit callout::Callout callouts[2]; // reset and stopped by the workers
constinit callout::Callout steady;      // arms itself again
constinit hart::Cell<bool> going;
constinit hart::Cell<u32> running, brief_lives;
constinit hart::Cell<u64> alarms, softints_run, callouts_run;

u64 read_received() {
    sync::MutexGuard guard(port);
    return received;
}

// ---- in handlers --------------------------------------------------------------------------------

void on_byte(u8) {
    port.enter();
    received++;
    if (!hart::mutated(hart::Mutation::leaked_spin))
        port.exit();
    softint.schedule();
}

void on_alarm() {
    alarms.add(1);
    if (going.peek())
        dev::rtc.set_alarm(alarm_ns);
}

void on_softint(void*) {
    softints_run.add(1);
    if (port.try_enter()) {
        ASSERT(received <= sent);
        port.exit();
    }
}

void on_callout(void*) {
    callouts_run.add(1);
    ASSERT(read_received() <= sent);
    if (going.peek())
        static_cast<void>(steady.schedule(1));
}

// ---- LWPs ---------------------------------------------------------------------------------------

void send(bool in_the_way) {
    sync::MutexGuard only_one(sending);
    while (sent - read_received() >= longest_queue)
        sched::yield();
    if (in_the_way)
        port.enter();
    sent++;
    dev::uart.loop('x');
    if (in_the_way)
        port.exit();
}

void type(void*) {
    for (bool in_the_way = false; going.peek(); in_the_way = !in_the_way)
        send(in_the_way);
    running.add(~u32{0});
}

void visit_rooms(Random& random) {
    u64 first = random.below(std::size(rooms));
    Visit outer(rooms[first]);
    if (first + 1 < std::size(rooms))
        Visit inner(rooms[first + 1]);
}

void use_rw(Random& random) {
    if (random.below(4) == 0) {
        sync::WriteGuard guard(rw);
        under_rw.change();
        return;
    }
    sync::ReadGuard guard(rw);
    under_rw.look();
}

void use_read_mostly(Random& random) {
    if (random.below(16) == 0) {
        read_mostly.enter_write();
        under_read_mostly.change();
        read_mostly.exit_write();
        return;
    }
    sync::ReadMostlyLock::Tracker tracker;
    read_mostly.enter_read(tracker);
    under_read_mostly.look();
    read_mostly.exit_read(tracker);
}

void pass_token() {
    sync::MutexGuard guard(token_mutex);
    tokens++;
    tokens_changed.signal();
    while (tokens == 0)
        tokens_changed.wait(token_mutex);
    tokens--;
}

void control_callout(Random& random) {
    callout::Callout& callout = callouts[random.below(std::size(callouts))];
    switch (random.below(3)) {
    case 0:
        static_cast<void>(callout.reset(1 + random.below(3), on_callout, nullptr));
        break;
    case 1:
        static_cast<void>(callout.stop());
        break;
    default:
        static_cast<void>(callout.halt());
    }
}

void live_briefly(void*) {
    { Visit visit(rooms[0]); }
    brief_lives.add(~u32{0});
}

void give_birth() {
    if (brief_lives.add(1) < 8)
        sched::spawn({.name = "brief"}, live_briefly, nullptr);
    else
        brief_lives.add(~u32{0});
}

void use_kernel_lock(Random& random) {
    sync::KernelGuard guard;
    under_kernel_lock.look();
    under_kernel_lock.change();
    if (random.below(2) == 0) {
        under_kernel_lock.look();
        Visit visit(rooms[1]); // may wait: then others have kernel_lock meanwhile
    }
}

void raise_level(Random& random) {
    hart::LevelGuard guard(static_cast<u8>(hart::ipl::bio + random.below(4)));
    softint.schedule();
}

void act(Random& random) {
    switch (random.below(10)) {
    case 0:
        return use_rw(random);
    case 1:
        return use_read_mostly(random);
    case 2:
        return pass_token();
    case 3:
        return control_callout(random);
    case 4:
        return give_birth();
    case 5:
        return use_kernel_lock(random);
    case 6:
        return raise_level(random);
    case 7:
        return sched::yield();
    default:
        return visit_rooms(random);
    }
}

void work(void* number) {
    Random random(reinterpret_cast<u64>(number));
    while (going.peek())
        act(random);
    running.add(~u32{0});
}

// ---- beginning and end --------------------------------------------------------------------------

void set_up() {
    static constexpr const char* names[] = {"room 1", "room 2", "room 3"};
    for (usize i = 0; i < std::size(rooms); i++)
        rooms[i].mutex.init(names[i]);
    port.init("port", hart::ipl::serial);
    sending.init("sending");
    rw.init("rw");
    read_mostly.init("read mostly");
    token_mutex.init("tokens");
    tokens_changed.init("tokens changed");
    softint.establish("stress", hart::ipl::softserial, on_softint, nullptr);
    for (callout::Callout& callout : callouts)
        callout.init("stress");
    steady.init("steady");
}

void start_lwps() {
    going.publish(true);
    running.set(1 + 2 * hart::hart_count);
    dev::uart.set_receiver(on_byte);
    check("there is an alarm clock", dev::rtc.start(hart::hart_count - 1, on_alarm));
    dev::rtc.set_alarm(alarm_ns);
    static_cast<void>(steady.reset(1, on_callout, nullptr));
    sched::spawn({.name = "typist", .priority = sched::user_priority}, type, nullptr);
    for (u64 i = 0; i < u64{2} * hart::hart_count; i++) {
        lib::Line name;
        name.add("worker.", i);
        sched::spawn({.name = name.text(), .priority = sched::user_priority}, work,
                     reinterpret_cast<void*>(i));
    }
}

u64 interrupts() {
    static u64 count; // only the scenario's LWP asks
    count = 0;
    irq::for_each_line([](const irq::LineCounts& line) { count += line.interrupts; });
    return count;
}

void wait_for_the_end() {
    going.publish(false);
    while (running.peek() != 0 || brief_lives.peek() != 0)
        callout::pause(1);
    for (callout::Callout& callout : callouts)
        static_cast<void>(callout.halt());
    static_cast<void>(steady.halt());
    callout::pause(1);                  // the last alarm
    constexpr unsigned patience = 1000; // ticks, for the last byte
    for (unsigned ticks = 0; read_received() != sent && ticks < patience; ticks++)
        callout::pause(1);
}

void judge(u64 wanted) {
    check("there were as many interrupts as wanted", interrupts() >= wanted, interrupts());
    check("every byte arrived once", read_received() == sent, sent);
    check("no token is lost", tokens == 0, tokens);
    for (const Room& room : rooms)
        check("every visit to a room was noted", room.is_in_order(), room.noted);
    expect("bytes and alarms came", sent != 0 && alarms.peek() != 0, alarms.peek());
    expect("softints ran", softints_run.peek() != 0, softints_run.peek());
    under_rw.look();
    under_read_mostly.look();
    // Not judged: run_out, storm and slow_function tell of load and time. Load is what this is for,
    // and on a host's clock a function is slow whenever the host was busy. (A line that is disabled
    // because nobody knew its interrupts shows: its bytes do not arrive.)
    for (auto kind : {trace::ReportKind::lock_use, trace::ReportKind::lock_order,
                      trace::ReportKind::interrupt_safety, trace::ReportKind::deadlock})
        check("no checker found anything", hart::reports(kind) == 0, hart::reports(kind));
    check("the lock checker was there all the time", lockcheck::armed());
}

} // namespace

void stress() {
    bool is_long = chosen_case() == "million";
    if (!is_long && chosen_case() != "all")
        hart::panic("stress has the cases all and million");
    lockcheck::arm();
    set_up();
    start_lwps();
    u64 wanted = is_long ? million : few;
    while (interrupts() < wanted || callouts_run.peek() == 0)
        callout::pause(1);
    wait_for_the_end();
    lib::Line line;
    line.add("stress: ", interrupts(), " interrupts, ", sent, " bytes, ", alarms.peek(),
             " alarms, ", softints_run.peek(), " softints, ", callouts_run.peek(), " callouts");
    hart::print(line);
    judge(wanted);
}

} // namespace scenario
