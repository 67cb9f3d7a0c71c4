// SPDX-License-Identifier: BSD-2-Clause
// The RW lock: who gets in, who waits, who is next, and what it refuses.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sync/rw_lock.hpp"

#include <gtest/gtest.h>

namespace {

using namespace simulated;
using hart::Cell;
using trace::Hold;

constexpr Options calm{.calm = quiet};

sync::RwLock table;
Cell<unsigned> order, readers_in;
unsigned place_of[4];

constexpr sched::Priority plus(int more) {
    return static_cast<sched::Priority>(sched::kernel_priority + more);
}

/// An LWP that runs at once if its priority is above kernel_priority.
void spawn(const char* name, int more_urgent, void (*entry)(void*)) {
    sched::spawn({.name = name, .priority = plus(more_urgent)}, entry, nullptr);
}

void write_and_note(unsigned who) {
    sync::WriteGuard guard(table);
    place_of[who] = order.add(1) + 1;
}
void read_and_note(unsigned who) {
    sync::ReadGuard guard(table);
    place_of[who] = order.add(1) + 1;
}

void expect_panic(const Options& options, void (*body)(), const char* sentence) {
    Outcome run = boot(options, body);
    EXPECT_TRUE(run.panicked(sentence)) << sentence << "\n" << ending(run);
}

irq::Handler handler{
    .name = "reader", .line = trace::LineId{3}, .level = hart::ipl::net, .function = [](void*) {
        sync::ReadGuard guard(table);
        readers_in.add(1);
        return irq::Served::yes;
    }};

} // namespace

TEST(RwLock, readers_share_and_a_writer_is_alone) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::shared);
        ASSERT(table.read_held() && !table.write_held() && table.lock_held());
        spawn("reader", 1, [](void*) {
            sync::ReadGuard guard(table);
            readers_in.add(1);
        });
        ASSERT(readers_in.peek() == 1);
        spawn("tries", 1, [](void*) {
            ASSERT(!table.try_enter(Hold::exclusive));
            ASSERT(table.try_enter(Hold::shared));
            table.exit();
        });
        table.exit();
        ASSERT(!table.lock_held());
        sync::WriteGuard guard(table);
        ASSERT(table.write_held() && !table.read_held());
        spawn("tries again", 1, [](void*) {
            ASSERT(!table.try_enter(Hold::exclusive));
            ASSERT(!table.try_enter(Hold::shared));
        });
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, a_reader_waits_behind_a_writer_that_waits) {
    auto body = [] {
        table.init("table");
        table.enter(Hold::shared);
        spawn("writer", 1, [](void*) { write_and_note(0); });
        spawn("late reader", 2, [](void*) { read_and_note(1); });
        ASSERT(order.peek() == 0);
        table.exit();
        ASSERT(place_of[0] == 1 && place_of[1] == 2);
    };
    Outcome run = boot(calm, body);
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");

    Outcome mutant = boot({.calm = quiet, .mutation = hart::Mutation::pass_writer}, body);
    EXPECT_TRUE(mutant.panicked("order.peek() == 0")) << ending(mutant);
}

TEST(RwLock, a_writer_that_leaves_lets_all_readers_in_that_wait_before_the_next_writer) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::exclusive);
        spawn("reader", 1, [](void*) { read_and_note(1); }); // each preempts, and blocks
        spawn("reader too", 2, [](void*) { read_and_note(2); });
        spawn("writer", 3, [](void*) { write_and_note(0); });
        ASSERT(sched::current().inherited == plus(3));
        table.exit();
        ASSERT(sched::current().inherited == 0);
        ASSERT(place_of[0] == 3);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockWake>(), 3u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, the_writer_that_is_handed_the_lock_inherits_from_those_who_still_wait) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::exclusive);
        sched::spawn(
            {.name = "lowly"}, [](void*) { write_and_note(0); }, nullptr);
        spawn("urgent", 5, [](void*) { write_and_note(1); });
        sched::yield(); // lent to by `urgent`, this LWP stays; "lowly" comes when it sleeps
        table.exit();
        while (order.peek() < 2)
            sched::yield();
        ASSERT(place_of[1] == 1);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, the_last_reader_hands_over_to_the_first_writer_which_is_lent_to_at_once) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::shared);
        spawn("first", 1, [](void*) {
            sync::WriteGuard guard(table);
            place_of[0] = order.add(1) + 1;
            ASSERT(sched::current().inherited == plus(1));
        });
        spawn("second", 1, [](void*) { write_and_note(1); });
        table.exit();
        ASSERT(place_of[0] == 1 && place_of[1] == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, readers_cannot_be_lent_to_and_so_limit_inheritance) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::shared);
        spawn("writer", 5, [](void*) { write_and_note(0); });
        ASSERT(sched::current().inherited == 0);
        table.exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockBlock>(), 1u);
    EXPECT_EQ(run.count<trace::Lend>(), 0u);
}

TEST(RwLock, an_upgrade_succeeds_for_a_lone_reader_whom_nobody_waits_for) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::shared);
        ASSERT(table.try_upgrade());
        ASSERT(table.write_held() && !table.read_held());
        table.downgrade();
        ASSERT(table.read_held() && !table.write_held());
        spawn("writer", 1, [](void*) { write_and_note(0); });
        ASSERT(!table.try_upgrade());
        ASSERT(table.read_held());
        table.exit();
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::LockUpgrade>(), 1u);
    EXPECT_EQ(run.count<trace::LockDowngrade>(), 1u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, a_downgrade_lets_the_readers_in_that_wait_and_gives_back_what_was_lent) {
    Outcome run = boot(calm, [] {
        table.init("table");
        table.enter(Hold::exclusive);
        spawn("reader", 2, [](void*) { read_and_note(0); });
        spawn("writer", 1, [](void*) { write_and_note(1); });
        ASSERT(sched::current().inherited == plus(2));
        table.downgrade();
        ASSERT(sched::current().inherited == 0);
        ASSERT(place_of[0] == 1 && place_of[1] == 0);
        table.exit();
        ASSERT(place_of[1] == 2);
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, a_handler_blocks_on_readers_and_on_a_writer_and_its_victim_goes_on) {
    Outcome run = boot(calm, [] {
        table.init("table");
        irq::attach(handler);
        for (Hold hold : {Hold::shared, Hold::exclusive}) {
            unsigned before = readers_in.peek();
            table.enter(Hold::exclusive);
            if (hold == Hold::shared) {
                table.downgrade();
                spawn("writer", 1, [](void*) { sync::WriteGuard guard(table); });
            }
            fire(3);
            ASSERT(readers_in.peek() == before);
            table.exit();
            ASSERT(readers_in.peek() == before + 1);
        }
    });
    ASSERT_TRUE(run.passed()) << ending(run);
    EXPECT_EQ(run.count<trace::IrqBlock>(), 2u);
    EXPECT_EQ(contradiction(run), "");
}

TEST(RwLock, a_circle_through_a_writer_is_caught_when_it_closes) {
    expect_panic(
        calm,
        [] {
            static sync::RwLock other;
            table.init("table");
            other.init("other");
            table.enter(Hold::exclusive);
            spawn("peer", 1, [](void*) {
                other.enter(Hold::exclusive);
                table.enter(Hold::shared);
            });
            other.enter(Hold::shared);
        },
        "deadlock: main waits for other of peer, which waits for table of main");
}

TEST(RwLock, misuse_panics_and_names_lock_caller_and_holder) {
    expect_panic(
        calm, [] { table.enter(Hold::shared); },
        "rw_enter of a lock that is not initialised, by main");
    auto twice = [](Hold first, Hold second) {
        table.init("table");
        table.enter(first);
        table.enter(second);
    };
    static auto play = twice;
    expect_panic(
        calm, [] { play(Hold::shared, Hold::shared); },
        "rw_enter of table as reader by main, which reads it already");
    expect_panic(
        calm, [] { play(Hold::shared, Hold::exclusive); },
        "rw_enter of table as writer by main, which reads it already");
    expect_panic(
        calm, [] { play(Hold::exclusive, Hold::shared); },
        "rw_enter of table as reader by main, which writes it already");
    expect_panic(
        calm,
        [] {
            table.init("table");
            table.exit();
        },
        "rw_exit of table, which main does not hold");
    expect_panic(
        calm,
        [] {
            table.init("table");
            table.enter(Hold::shared);
            table.downgrade();
        },
        "rw_downgrade of table, which main does not write");
    expect_panic(
        calm,
        [] {
            table.init("table");
            table.enter(Hold::shared);
            table.destroy();
        },
        "rw_destroy of table, which is held");
    expect_panic(
        calm,
        [] {
            table.init("table");
            table.destroy();
            table.enter(Hold::shared);
        },
        "rw_enter of table, which is destroyed");
    expect_panic(
        calm,
        [] {
            table.init("table");
            spawn("leaver", 1, [](void*) { table.enter(Hold::shared); });
        },
        "leaver exits reading table");
}

TEST(RwLock, from_where_one_must_not_wait_it_panics_even_when_it_is_free) {
    expect_panic(
        calm,
        [] {
            table.init("table");
            hart::PreemptGuard guard;
            table.enter(Hold::shared);
        },
        "rw_enter of table has to wait with preemption disabled");
    expect_panic(
        calm,
        [] {
            static hart::SpinMutex spin{"spin", hart::ipl::serial};
            table.init("table");
            hart::SpinGuard guard(spin);
            table.enter(Hold::shared);
        },
        "rw_enter of table with a spin mutex held");
}
