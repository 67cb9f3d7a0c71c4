// SPDX-License-Identifier: BSD-2-Clause
// The level that the model shows is the one that memory has, at every event (fold.hpp compares):
// after handlers inside handlers, in spin mutexes left in any order, and in a snapshot. Readers of
// RW locks are in a snapshot, too, wherever it comes.
#include "fold.hpp"

#include "arch/host/simulation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/spin_mutex.hpp"
#include "hart/spl.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "monitor/snapshot.hpp"
#include "sync/mutex.hpp"
#include "sync/rw_lock.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace {

using namespace simulated;
using irq::Served;
using trace::LwpId;

/// Handlers above `net` have no LWP, and mutexes of their levels spin.
constexpr Options guests_above_net{.calm = quiet, .interrupts = {.lock_level = hart::ipl::net}};
constexpr Options classic{.calm = quiet, .interrupts = {.model = trace::Model::classic}};

constexpr unsigned disk = 3, ether = 4, port = 5;

irq::Handler disk_handler, ether_handler, port_handler;
irq::Softint softint;
bool softint_asked_for = false;
sync::Mutex audio_spin, serial_spin;
sync::RwLock rw;
constinit hart::SpinMutex untold{"untold", hart::ipl::bio};

/// An event, so that the level is looked at here.
void look() {
    trace::record(trace::Mark{.text = trace::TextId::none, .value = 0});
}

/// Everything that is known of the machine is said again.
void take_snapshot() {
    hart::self().owed.set_bits(hart::owed_story);
    hart::pay_debts();
}

void attach(irq::Handler& place, unsigned line, trace::Level level, Served (*function)(void*)) {
    place.name = "device";
    place.line = static_cast<trace::LineId>(line);
    place.level = level;
    place.function = function;
    irq::attach(place);
}

Served on_port(void*) {
    look();
    take_snapshot();
    look();
    return Served::yes;
}

Served on_disk(void*) {
    look();
    fire(port);
    look();
    {
        hart::LevelGuard guard(hart::ipl::net);
        look();
        fire(port);
        look();
        take_snapshot();
        look();
    }
    look();
    if (!std::exchange(softint_asked_for, true))
        softint.schedule();
    return Served::yes;
}

void on_softint(void*) {
    look();
    fire(port);
    look();
    fire(disk);
    look();
}

void raise_and_be_interrupted() {
    monitor::offer_snapshots([] {});
    attach(disk_handler, disk, hart::ipl::bio, on_disk);
    attach(port_handler, port, hart::ipl::serial, on_port);
    softint.establish("softint", hart::ipl::softnet, on_softint, nullptr);
    fire(disk);
    look();
    hart::LevelGuard guard(hart::ipl::softserial);
    fire(port);
    look();
    fire(disk);
    look();
    take_snapshot();
    look();
}

std::string model_says(const model::State& state) {
    std::string text;
    for (const model::Lwp& lwp : state.lwps)
        if (lwp.known && lwp.hart != trace::HartId::none)
            text += "LWP " + std::to_string(static_cast<unsigned>(lwp.id)) + " level "
                    + std::to_string(lwp.level) + ", ";
    for (unsigned hart = 0; hart < state.hart_count; hart++)
        text += "hart " + std::to_string(hart) + " level " + std::to_string(state.harts[hart].level)
                + "\n";
    return text;
}

/// What the model says of levels before and after each snapshot of the run, which is the same.
/// Returns the number of snapshots.
unsigned compare_snapshots(const Outcome& run) {
    model::State state;
    std::string before;
    unsigned count = 0;
    for (const Event& event : run.events) {
        if (event.is<trace::SnapshotBegin>())
            before = model_says(state);
        static_cast<void>(state.apply(event.record, static_cast<trace::HartId>(event.hart)));
        if (!event.is<trace::SnapshotEnd>())
            continue;
        EXPECT_EQ(model_says(state), before) << "snapshot " << count;
        count++;
    }
    return count;
}

} // namespace

TEST(Level, after_a_handler_inside_another_is_that_of_whoever_goes_on) {
    for (const Options& options : {guests_above_net, classic}) {
        Outcome run = boot(options, raise_and_be_interrupted);
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_EQ(contradiction(run), "");
    }
}

TEST(Level, is_stated_by_a_snapshot_inside_guards_and_handlers) {
    for (const Options& options : {guests_above_net, classic}) {
        Outcome run = boot(options, raise_and_be_interrupted);
        ASSERT_TRUE(run.passed()) << ending(run);
        EXPECT_GE(compare_snapshots(run), 8u);
    }
}

TEST(Level, of_a_spin_mutex_lasts_as_long_as_it_is_held) {
    Outcome run = boot(guests_above_net, [] {
        audio_spin.init("audio spin", hart::ipl::audio);
        serial_spin.init("serial spin", hart::ipl::serial);
        audio_spin.enter();
        look();
        serial_spin.enter();
        look();
        audio_spin.exit(); // not the newest
        look();
        serial_spin.exit();
        look();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
    auto marks = run.places<trace::Mark>();
    ASSERT_EQ(marks.size(), 4u);
    EXPECT_EQ(run.events[marks[1]].level, hart::ipl::serial);
    EXPECT_EQ(run.events[marks[2]].level, hart::ipl::serial);
    EXPECT_EQ(run.events[marks[3]].level, hart::ipl::none);
}

TEST(Level, of_a_victim_is_stated_by_a_snapshot) {
    constexpr Options borrow{.calm = quiet};
    Outcome run = boot(borrow, [] {
        monitor::offer_snapshots([] {});
        attach(port_handler, port, hart::ipl::serial, on_port);
        {
            hart::SpinGuard guard(untold); // no event tells of it, neither does the snapshot
            fire(port);
        }
        look();
        hart::LevelGuard raised(hart::ipl::softnet);
        fire(port);
        look();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
    EXPECT_EQ(compare_snapshots(run), 2u);
}

TEST(Snapshot, states_who_reads_wherever_it_comes) {
    unsigned snapshots = 0;
    for (unsigned long seed = 1; seed <= 20; seed++) {
        Outcome run = boot({.seed = seed, .calm = 4}, [] {
            monitor::offer_snapshots([] {});
            attach(port_handler, port, hart::ipl::serial, on_port);
            rw.init("rw");
            arch::host::announce_line(port, 40);
            for (unsigned i = 0; i < 60; i++) {
                rw.enter(trace::Hold::shared);
                if (rw.try_upgrade())
                    rw.downgrade();
                rw.exit();
            }
        });
        ASSERT_TRUE(run.passed()) << ending(run);
        snapshots += compare_snapshots(run);
    }
    EXPECT_GT(snapshots, 50u);
}

/// The comparison itself: an event's level that the model does not have is found.
TEST(Level, that_is_wrong_is_found) {
    Outcome run = boot(guests_above_net, raise_and_be_interrupted);
    ASSERT_TRUE(run.passed()) << ending(run);
    Event& last = run.events[run.places<trace::Mark>().back()];
    ASSERT_TRUE(last.level);
    last.level = static_cast<trace::Level>(*last.level + 1);
    EXPECT_NE(contradiction(run).find("is not the kernel's"), std::string::npos);
}
