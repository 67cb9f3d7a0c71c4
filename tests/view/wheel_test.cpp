// SPDX-License-Identifier: BSD-2-Clause
// Timing wheels, locks with several holders, and the interrupt models in the machine view.
#include "driver.hpp"
#include "fake_source.hpp"
#include "model/builder.hpp"
#include "view/machine/paint.hpp"
#include "view/machine/wheel.hpp"

#include <gtest/gtest.h>

namespace {

using namespace model_test;
using namespace view::machine;
using view_test::Driver;
using view_test::FakeSource;

/// A scripted machine of one hart or more, and the window that shows it.
struct Stage {
    explicit Stage(unsigned harts)
        : machine(harts, into(told)) {}

    void show() {
        source.emplace(told, told.size());
        person.emplace(*source);
        person->shell.show(view::Layout::machine);
        person->settle();
    }
    [[nodiscard]] const model::State& state() { return source->store().newest(); }
    void tick_to(unsigned hart, u32 tick) { machine.emit(hart, Tick{.count = tick}); }
    CalloutId arm(std::string_view name, unsigned hart, u64 due, u8 level, LockId lock = {}) {
        auto id = static_cast<CalloutId>(++callouts);
        machine.name(Kind::callout, callouts, name);
        machine.emit(hart, CalloutInit{.callout = id, .lock = lock, .fast = 0});
        machine.reset_callout(hart, id, due);
        machine.emit(hart, CalloutPlace{.callout = id,
                                        .on = hart_id(hart),
                                        .level = level,
                                        .bucket = static_cast<u8>(wheel_bucket(due, level))});
        return id;
    }

    std::vector<model::Event> told;
    Builder machine;
    u32 callouts = 0;
    std::optional<FakeSource> source;
    std::optional<Driver> person;
};

TEST(Wheel, a_tick_count_has_a_bucket_on_each_level) {
    EXPECT_EQ(wheel_bucket(0x04030201, 0), 1U);
    EXPECT_EQ(wheel_bucket(0x04030201, 1), 2U);
    EXPECT_EQ(wheel_bucket(0x04030201, 2), 3U);
    EXPECT_EQ(wheel_bucket(0x04030201, 3), 4U);
}

TEST(Wheel, the_dial_lies_in_its_room_and_begins_at_the_top) {
    for (Rect room : {Rect{10, 10, 80, 90}, Rect{0, 0, 300, 95}, Rect{5, 5, 900, 200}})
        for (float scale : {1.0f, 2.0f}) {
            WheelPlan plan = WheelPlan::of(room, scale);
            EXPECT_GE(plan.centre.x - plan.radius, room.x);
            EXPECT_LE(plan.centre.y + plan.radius, room.bottom());
            EXPECT_NEAR(plan.on_ring(0, 0).x, plan.centre.x, 0.01f);
            EXPECT_LT(plan.on_ring(0, 0).y, plan.centre.y);
            EXPECT_GT(plan.on_ring(0, 64).x, plan.centre.x) << "a quarter of a turn, clockwise";
            EXPECT_GT(plan.ring(3), 0) << "four rings";
        }
}

TEST(Wheel, only_a_hart_with_callouts_has_one) {
    Stage stage(4);
    stage.arm("flush", 2, 20, 0);
    stage.show();
    Scene scene = arrange(stage.state(), {1500, 700}, 1);
    EXPECT_EQ(scene.find(key_of(Part::wheel, 0)), nullptr);
    EXPECT_NE(scene.find(key_of(Part::wheel, 2)), nullptr);
}

TEST(Wheel, a_pending_callout_lies_at_its_bucket_with_the_ticks_to_go) {
    Stage stage(1);
    stage.tick_to(0, 17);
    stage.arm("flush", 0, 20, 0);
    CalloutId far = stage.arm("retransmit", 0, 1000, 1);
    stage.show();
    EXPECT_TRUE(stage.person->reads("hart 0 · tick 17"));
    EXPECT_TRUE(stage.person->reads("in 3 ticks"));
    EXPECT_TRUE(stage.person->reads("in 983 ticks"));
    Scene scene = arrange(stage.state(), {1500, 700}, 1);
    const Item* wheel = scene.find(key_of(Part::wheel, 0));
    const Item* mark = scene.find(key_of(Part::mark, static_cast<u32>(far)));
    ASSERT_NE(mark, nullptr);
    Point expected = WheelPlan::of(wheel->at, 1).on_ring(1, wheel_bucket(1000, 1));
    EXPECT_NEAR(mark->at.centre().x, expected.x, 0.01f);
    EXPECT_NEAR(mark->at.centre().y, expected.y, 0.01f);
}

TEST(Wheel, before_the_first_tick_nobody_knows_where_it_stands) {
    Stage stage(1);
    stage.arm("flush", 0, 101, 0);
    stage.show();
    EXPECT_TRUE(stage.person->reads("no tick yet"));
    EXPECT_TRUE(stage.person->reads("due at 101"));
    for (const auto& text : view_test::seen().texts)
        EXPECT_NE(text.text, "10") << "no strip of buckets";
}

TEST(Wheel, a_callout_that_no_event_has_placed_has_no_mark) {
    Stage stage(1);
    stage.machine.reset_callout(0, stage.machine.init_callout("blink"), 9);
    stage.show();
    EXPECT_EQ(arrange(stage.state(), {1500, 700}, 1).find(key_of(Part::mark, 1)), nullptr);
    EXPECT_TRUE(stage.person->reads("1 in a bucket not told"));
    EXPECT_TRUE(stage.person->reads("due at 9"));
}

TEST(Wheel, thousands_in_one_bucket_are_one_mark_and_a_count) {
    Stage stage(1);
    for (int i = 0; i < 3000; i++)
        stage.arm("many/" + std::to_string(i), 0, 200, 0);
    stage.show();
    Scene scene = arrange(stage.state(), {1500, 700}, 1);
    auto count = [&](Part part) {
        return std::count_if(scene.items.begin(), scene.items.end(),
                             [&](const Item& item) { return item.part == part && !item.hidden; });
    };
    EXPECT_EQ(count(Part::mark), 1);
    EXPECT_LT(count(Part::callout), 40);
    EXPECT_EQ(count(Part::more), 1);
}

TEST(Wheel, who_is_in_flight_shows_the_lock_it_waits_for_and_who_waits_for_it) {
    Stage stage(2);
    Builder& machine = stage.machine;
    LwpId softclock = machine.create("softclock/0", LwpKind::kernel, 200, 0);
    LwpId owner = machine.create("owner", LwpKind::kernel, 60, 1);
    LockId lock = machine.init_lock("state lock");
    machine.start(owner);
    machine.resched(1);
    machine.acquire(1, lock);
    machine.start(softclock);
    machine.resched(0);
    CalloutId callout = stage.arm("flush", 0, 5, 0, lock);
    stage.tick_to(0, 5);
    machine.emit(0, CalloutTake{.callout = callout, .lock = lock});
    machine.acquire(0, lock); // blocks
    machine.emit(1, CalloutWait{.callout = callout, .runner = softclock});
    stage.show();
    ASSERT_TRUE(stage.source->store().problems().empty())
        << stage.source->store().problems().front().sentence;
    EXPECT_TRUE(stage.person->reads("flush: waits for state lock, held by owner"));
    EXPECT_TRUE(stage.person->reads("owner waits for it"));
}

TEST(Locks, readers_are_named_and_so_is_who_wants_to_write) {
    Stage stage(3);
    Builder& machine = stage.machine;
    auto rw = static_cast<LockId>(7);
    machine.name(Kind::lock, 7, "routes");
    machine.emit(0, LockInit{.lock = rw, .kind = LockKind::rw_lock, .level = 0});
    const char* names[] = {"reader a", "reader b", "writer"};
    for (unsigned hart = 0; hart < 3; hart++) {
        machine.start(machine.create(names[hart], LwpKind::kernel, 50, hart));
        machine.resched(hart);
    }
    for (unsigned hart = 0; hart < 2; hart++)
        machine.emit(hart, LockAcquire{.lock = rw, .hold = Hold::shared, .contended = 0});
    machine.emit(2, LockBlock{.lock = rw, .owner = LwpId::none, .hold = Hold::exclusive});
    stage.show();
    ASSERT_TRUE(stage.source->store().problems().empty())
        << stage.source->store().problems().front().sentence;
    EXPECT_TRUE(stage.person->reads("read by reader a, reader b"));
    EXPECT_TRUE(stage.person->reads("reader/writer lock"));
    EXPECT_EQ(lwp_words(stage.state(), stage.source->store().names(),
                        *stage.state().lwp(machine.current(2)), true),
              "waits to write routes")
        << "although it still is on its hart";
}

TEST(Locks, whoever_spins_for_the_kernel_lock_is_named) {
    Stage stage(2);
    Builder& machine = stage.machine;
    auto giant = static_cast<LockId>(9);
    machine.name(Kind::lock, 9, "kernel_lock");
    machine.emit(0, LockInit{.lock = giant, .kind = LockKind::kernel_lock, .level = 0});
    for (unsigned hart = 0; hart < 2; hart++) {
        machine.start(machine.create(hart == 0 ? "holder" : "wanter", LwpKind::kernel, 50, hart));
        machine.resched(hart);
    }
    machine.emit(0, LockAcquire{.lock = giant, .hold = Hold::exclusive, .contended = 0});
    machine.emit(1, LockSpin{.lock = giant, .owner = machine.current(0)});
    stage.show();
    EXPECT_TRUE(stage.person->reads("held by holder"));
    EXPECT_TRUE(stage.person->reads("spinning: wanter"));
    EXPECT_TRUE(stage.person->reads("spins for kernel_lock"));
}

TEST(Locks, a_semaphore_counts_even_if_nobody_sleeps) {
    Stage stage(1);
    ChannelId free_slots = stage.machine.init_channel("free slots");
    stage.machine.emit(0, SemaphoreValue{.channel = free_slots, .value = 3});
    stage.show();
    EXPECT_TRUE(stage.person->reads("semaphore, counts 3"));
}

/// One interrupt, told as each model tells it.
struct Models : testing::Test {
    Models() {
        uart = stage.machine.attach("uart0", 8);
        worker = stage.machine.create("worker", LwpKind::kernel, 50);
        stage.machine.start(worker);
        stage.machine.resched(0);
    }
    [[nodiscard]] std::string last_sentence() {
        model::Store& store = stage.source->store();
        return model::sentence(store.event(store.size() - 1), store.names());
    }
    Stage stage{1};
    LineId uart{};
    LwpId worker{};
};

TEST_F(Models, borrow_pins_the_victim) {
    stage.machine.interrupt(0, uart);
    stage.show();
    EXPECT_EQ(last_sentence(), "uart0: uart0 handler 0 borrows the context of worker on hart 0");
    EXPECT_TRUE(stage.person->reads("pinned: interrupted"));
}

TEST_F(Models, thread_switches_to_the_handler) {
    LwpId handler = static_cast<LwpId>(static_cast<u16>(worker) - 1);
    stage.machine.emit(0, LineClaim{.line = uart, .level = 8});
    stage.machine.emit(
        0, Runnable{.subject = handler, .on = hart_id(0), .priority = 228, .at_head = 0});
    stage.machine.emit(0,
                       Runnable{.subject = worker, .on = hart_id(0), .priority = 50, .at_head = 1});
    stage.machine.emit(0, Switch{.previous = worker,
                                 .next = handler,
                                 .state = LwpState::runnable,
                                 .reason = SwitchReason::preempted,
                                 .next_priority = 228});
    stage.machine.emit(0, handler,
                       IrqEnter{.line = uart,
                                .handler = handler,
                                .victim = LwpId::none,
                                .level = 8,
                                .model = Model::thread});
    stage.show();
    ASSERT_TRUE(stage.source->store().problems().empty())
        << stage.source->store().problems().front().sentence;
    EXPECT_EQ(last_sentence(),
              "uart0: its handler starts in uart0 handler 1, which hart 0 has switched to");
    EXPECT_FALSE(stage.person->reads("pinned: interrupted"));
}

TEST_F(Models, a_line_is_masked_while_its_handler_is_blocked_and_served_when_it_goes_on) {
    LockId lock = stage.machine.init_lock("line");
    stage.machine.acquire(0, lock);
    stage.machine.interrupt(0, uart);
    stage.machine.acquire(0, lock); // blocks, the worker goes on
    stage.show();
    EXPECT_TRUE(stage.person->reads("masked: blocked"));
    stage.machine.release(0);
    stage.machine.resched(0); // to the handler
    stage.show();
    EXPECT_FALSE(stage.person->reads("masked: blocked"));
    EXPECT_TRUE(stage.person->reads("in handler"));
}

TEST_F(Models, classic_runs_the_handler_inside_the_victim_and_comes_back) {
    LineId disk = stage.machine.attach("disk", 5);
    auto enter = [&](LineId line, Level level) {
        stage.machine.emit(0, LineClaim{.line = line, .level = level});
        stage.machine.emit(0, IrqEnter{.line = line,
                                       .handler = LwpId::none,
                                       .victim = worker,
                                       .level = level,
                                       .model = Model::classic});
    };
    auto exit = [&](LineId line) {
        stage.machine.emit(0, LineComplete{.line = line});
        stage.machine.emit(
            0, IrqExit{.line = line, .handler = LwpId::none, .victim = worker, .blocked = 0});
    };
    enter(disk, 5);
    enter(uart, 8);
    stage.show();
    EXPECT_EQ(last_sentence(),
              "uart0: its handler runs inside worker on hart 0 (classic: no LWP of its own)");
    EXPECT_TRUE(stage.person->reads("uart0's handler runs inside it"));
    EXPECT_EQ(stage.state().harts[0].level, 8);
    exit(uart);
    stage.show();
    EXPECT_TRUE(stage.person->reads("disk's handler runs inside it")) << "nested";
    EXPECT_EQ(stage.state().harts[0].level, 5);
    exit(disk);
    stage.show();
    EXPECT_EQ(stage.state().harts[0].level, 0);
    EXPECT_FALSE(stage.person->reads("runs inside it"));
    EXPECT_TRUE(stage.source->store().problems().empty());
}

TEST_F(Models, a_softint_of_the_classic_model_runs_inside_the_victim) {
    SoftintId net = stage.machine.establish("net", 3);
    stage.machine.schedule(0, net);
    stage.machine.emit(0, SoftintEnter{.handler = LwpId::none, .victim = worker, .level = 3});
    stage.machine.emit(0, SoftintRun{.softint = net});
    stage.show();
    EXPECT_TRUE(stage.person->reads("net runs inside it"));
    stage.machine.emit(0, SoftintDone{.softint = net});
    stage.machine.emit(0, SoftintExit{.handler = LwpId::none, .victim = worker, .blocked = 0});
    stage.show();
    EXPECT_TRUE(stage.source->store().problems().empty());
    EXPECT_EQ(stage.state().harts[0].running, worker);
}

TEST_F(Models, levels_throttling_and_waiting_lines_are_written_at_hart_and_lamp) {
    stage.machine.emit(0, BaseLevel{.level = 5});
    stage.machine.emit(0, LineClaim{.line = uart, .level = 8});
    stage.machine.emit(0, LineDefer{.line = uart, .level = 8, .current = 9});
    stage.machine.emit(0, LineThrottle{.line = uart, .on = 1, .interrupts = 400});
    stage.machine.emit(0, SplWrite{.level = 5, .writes = 12});
    stage.show();
    EXPECT_TRUE(stage.person->reads("holds off lines up to 5"));
    EXPECT_TRUE(stage.person->reads("uart0 waits"));
    EXPECT_TRUE(stage.person->reads("throttled"));
}

} // namespace
