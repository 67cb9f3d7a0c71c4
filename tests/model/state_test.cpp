// SPDX-License-Identifier: BSD-2-Clause
// What events do to the state, told with the scripted machine.
#include "model/builder.hpp"

#include <gtest/gtest.h>

using namespace model_test;

namespace {

struct Story : testing::Test {
    model::Store store;
    Builder machine{1, into(store)};

    const model::State& now() { return store.newest(); }
    LwpState state_of(LwpId id) { return now().lwp(id)->state; }
    void expect_sound() {
        EXPECT_TRUE(now().check().empty()) << now().check().front();
        EXPECT_TRUE(store.problems().empty()) << store.problems().front().sentence;
    }
    LwpId run(const char* name, Priority priority) {
        LwpId lwp = machine.create(name, LwpKind::kernel, priority);
        machine.start(lwp);
        machine.resched(0);
        return lwp;
    }
};

TEST_F(Story, an_idle_lwp_is_born_running) {
    EXPECT_EQ(now().harts[0].running, static_cast<LwpId>(1));
    EXPECT_EQ(state_of(static_cast<LwpId>(1)), LwpState::running);
    expect_sound();
}

TEST_F(Story, a_more_urgent_lwp_preempts_and_its_victim_waits_at_the_head) {
    LwpId low = run("low", 70);
    LwpId other = machine.create("other", LwpKind::kernel, 70);
    machine.start(other);
    LwpId high = run("high", 100);
    EXPECT_EQ(now().harts[0].running, high);
    EXPECT_EQ(now().harts[0].run_queue, (std::vector<LwpId>{low, other}));
    expect_sound();
}

TEST_F(Story, a_handler_that_completes_gives_its_victim_back) {
    LwpId victim = run("victim", 70);
    LineId uart = machine.attach("uart", 8);
    machine.interrupt(0, uart);
    LwpId handler = machine.current(0);
    EXPECT_EQ(now().harts[0].pinned, std::vector<LwpId>{victim});
    EXPECT_EQ(state_of(victim), LwpState::pinned);
    EXPECT_EQ(now().line(uart)->state, model::LineState::in_handler);
    EXPECT_EQ(now().harts[0].level, 8);
    machine.finish_interrupt(0);
    EXPECT_EQ(now().harts[0].running, victim);
    EXPECT_EQ(state_of(handler), LwpState::idle);
    EXPECT_EQ(now().line(uart)->state, model::LineState::ready);
    EXPECT_EQ(now().harts[0].level, 0);
    expect_sound();
}

TEST_F(Story, a_blocked_handler_returns_to_its_victim_and_is_dispatched_later) {
    LwpId owner = run("owner", 70);
    LockId mutex = machine.init_lock("mutex");
    LineId uart = machine.attach("uart", 8);
    machine.acquire(0, mutex);
    machine.interrupt(0, uart);
    LwpId handler = machine.current(0);
    EXPECT_FALSE(machine.acquire(0, mutex));
    EXPECT_EQ(now().harts[0].running, owner);
    EXPECT_EQ(state_of(handler), LwpState::blocked);
    EXPECT_EQ(now().line(uart)->state, model::LineState::blocked);
    EXPECT_EQ(now().lock(mutex)->lent_to, owner);
    EXPECT_EQ(now().lwp(owner)->effective, 228);
    machine.release(0);
    EXPECT_EQ(now().lwp(owner)->effective, 70);
    machine.resched(0);
    EXPECT_EQ(now().harts[0].running, handler);
    EXPECT_TRUE(machine.acquire(0, mutex));
    EXPECT_EQ(now().lock(mutex)->contentions, 1U);
    machine.release(0);
    machine.finish_interrupt(0);
    EXPECT_EQ(now().harts[0].running, owner);
    EXPECT_EQ(now().line(uart)->state, model::LineState::ready);
    expect_sound();
}

TEST_F(Story, interrupts_stack_in_the_order_of_interruption) {
    LwpId thread = run("thread", 70);
    SoftintId net = machine.establish("net", 3);
    LineId uart = machine.attach("uart", 8);
    machine.schedule(0, net);
    machine.enter_softint(0, net);
    LwpId softint = machine.current(0);
    machine.interrupt(0, uart);
    EXPECT_EQ(now().harts[0].pinned, (std::vector<LwpId>{thread, softint}));
    machine.finish_interrupt(0);
    EXPECT_EQ(now().harts[0].level, 3);
    machine.finish_softint(0);
    EXPECT_EQ(now().harts[0].running, thread);
    expect_sound();
}

TEST_F(Story, a_sleeper_waits_on_its_channel_until_woken) {
    LwpId sleeper = run("sleeper", 70);
    ChannelId queue = machine.init_channel("queue");
    machine.sleep(0, queue);
    EXPECT_EQ(now().channel(queue)->sleepers, std::vector<LwpId>{sleeper});
    machine.wake(0, queue);
    EXPECT_TRUE(now().channel(queue)->sleepers.empty());
    EXPECT_EQ(now().harts[0].resched_for, sleeper);
    machine.resched(0);
    EXPECT_EQ(now().harts[0].running, sleeper);
    expect_sound();
}

TEST_F(Story, an_lwp_on_two_harts_is_reported_and_mended) {
    model::Store two;
    Builder pair(2, into(two));
    LwpId lwp = pair.create("lwp", LwpKind::kernel, 70);
    pair.start(lwp);
    pair.resched(0);
    LwpId idle = pair.current(1);
    pair.emit(1, Switch{.previous = idle,
                        .next = lwp,
                        .state = LwpState::idle,
                        .reason = SwitchReason::idle,
                        .next_priority = 70});
    ASSERT_EQ(two.problems().size(), 1U);
    EXPECT_EQ(two.problems()[0].kind, model::Problem::Kind::impossible);
    EXPECT_NE(two.problems()[0].sentence.find("two harts"), std::string::npos);
    EXPECT_TRUE(two.newest().check().empty());
}

TEST_F(Story, acquiring_a_held_lock_is_impossible) {
    LwpId owner = run("owner", 70);
    LockId mutex = machine.init_lock("mutex");
    machine.acquire(0, mutex);
    machine.emit(0, static_cast<LwpId>(1),
                 LockAcquire{.lock = mutex, .hold = Hold::exclusive, .contended = 0});
    ASSERT_EQ(store.problems().size(), 1U);
    EXPECT_NE(
        store.problems()[0].sentence.find("which LWP " + std::to_string(int(owner)) + " holds"),
        std::string::npos);
}

TEST_F(Story, a_value_that_no_enumeration_has_changes_nothing) {
    LwpId lwp = run("lwp", 70);
    machine.emit(0, Switch{.previous = lwp,
                           .next = static_cast<LwpId>(1),
                           .state = static_cast<LwpState>(77),
                           .reason = SwitchReason::slept,
                           .next_priority = 0});
    ASSERT_EQ(store.problems().size(), 1U);
    EXPECT_EQ(now().harts[0].running, lwp);
}

TEST_F(Story, a_snapshot_states_the_machine_anew_without_contradictions) {
    LwpId lwp = run("lwp", 70);
    machine.emit(0, SnapshotBegin{.generation = 1});
    EXPECT_EQ(now().lwp(lwp), nullptr);
    machine.emit(0, LwpCreate{.subject = lwp,
                              .home = hart_id(0),
                              .kind = LwpKind::kernel,
                              .state = LwpState::running,
                              .priority = 80});
    machine.emit(0, SnapshotEnd{.generation = 1});
    EXPECT_EQ(now().harts[0].running, lwp);
    EXPECT_EQ(now().lwp(lwp)->effective, 80);
    expect_sound();
}

TEST_F(Story, after_a_loss_nothing_is_impossible_until_a_snapshot) {
    LwpId lwp = run("lwp", 70);
    ChannelId queue = machine.init_channel("queue");
    auto sleep_of_another = [&] {
        machine.emit(0, static_cast<LwpId>(1), Sleep{.channel = queue, .deadline = 0});
    };
    store.report({model::Problem::Kind::discarded, HartId{}, 0, 0, 3, "3 events lost"});
    u64 before = store.problem_count();
    sleep_of_another();
    EXPECT_EQ(store.problem_count(), before);
    EXPECT_TRUE(now().uncertain);
    machine.emit(0, SnapshotBegin{.generation = 1});
    machine.emit(0, SnapshotEnd{.generation = 1});
    EXPECT_FALSE(now().uncertain);
    machine.emit(0, Runnable{.subject = lwp, .on = hart_id(0), .priority = 70, .at_head = 0});
    EXPECT_EQ(store.problem_count(), before + 1); // it was not in the snapshot
}

TEST_F(Story, ids_out_of_bounds_are_reported_and_never_an_index) {
    machine.emit(0, LockInit{.lock = static_cast<LockId>(0xffffffff),
                             .kind = LockKind::adaptive_mutex,
                             .level = 0});
    machine.emit(0, Ipi{.target = static_cast<HartId>(99)});
    machine.emit(0, Resched{.target = static_cast<HartId>(99), .subject = {}, .priority = 0});
    EXPECT_EQ(store.problem_count(), 2U);
    EXPECT_LE(now().locks.size(), model::max_objects);
}

} // namespace
