// SPDX-License-Identifier: BSD-2-Clause
// The store: compact columns give back what went in, and any instant is found.
#include "model/generator.hpp"
#include "model/narration.hpp"

#include <gtest/gtest.h>

using namespace model_test;

namespace {

bool same(const Record& a, const Record& b) {
    return a.stamp == b.stamp && a.words[0] == b.words[0] && a.words[1] == b.words[1]
           && a.words[2] == b.words[2];
}

// Two states that were reached by different roads agree in everything a view could show.
void expect_same(const model::State& a, const model::State& b, usize at) {
    ASSERT_EQ(a.stamp, b.stamp) << at;
    ASSERT_EQ(a.lwps.size(), b.lwps.size()) << at;
    for (usize i = 0; i < a.lwps.size(); i++) {
        ASSERT_EQ(a.lwps[i].state, b.lwps[i].state) << at;
        ASSERT_EQ(a.lwps[i].hart, b.lwps[i].hart) << at;
        ASSERT_EQ(a.lwps[i].effective, b.lwps[i].effective) << at;
        ASSERT_EQ(a.lwps[i].since, b.lwps[i].since) << at;
        ASSERT_EQ(a.lwps[i].holds, b.lwps[i].holds) << at;
    }
    for (usize h = 0; h < model::max_harts; h++) {
        ASSERT_EQ(a.harts[h].running, b.harts[h].running) << at;
        ASSERT_EQ(a.harts[h].pinned, b.harts[h].pinned) << at;
        ASSERT_EQ(a.harts[h].run_queue, b.harts[h].run_queue) << at;
        ASSERT_EQ(a.harts[h].discarded, b.harts[h].discarded) << at;
    }
    for (usize i = 0; i < a.locks.size(); i++)
        ASSERT_EQ(a.locks[i].waiters, b.locks[i].waiters) << at;
}

class RandomRuns : public testing::TestWithParam<unsigned> {};

TEST_P(RandomRuns, a_legal_run_has_no_problem_and_no_broken_invariant) {
    model::Store store;
    model::State state;
    Generator(GetParam(), 7, into(store)).run(30'000);
    for (usize i = 0; i < store.size(); i++) {
        model::Event event = store.event(i);
        auto problem = state.apply(event.record, event.hart);
        ASSERT_FALSE(problem) << "event " << i << ": " << *problem;
        auto broken = state.check();
        ASSERT_TRUE(broken.empty()) << "after event " << i << " (" << sentence(event, store.names())
                                    << "): " << broken.front();
    }
}

TEST_P(RandomRuns, the_state_at_any_instant_is_the_state_by_replay) {
    model::Store store;
    Generator(GetParam(), 3, into(store)).run(20'000);
    Random random(1);
    for (int i = 0; i < 20; i++) {
        usize at = random.below(store.size() + 1);
        model::State replayed;
        for (usize e = 0; e < at; e++)
            replayed.apply(store.event(e).record, store.event(e).hart);
        expect_same(store.state_after(at), replayed, at);
    }
}

INSTANTIATE_TEST_SUITE_P(harts, RandomRuns, testing::Values(1, 2, 4, 8));

TEST(Store, gives_back_every_record_bit_for_bit) {
    std::vector<model::Event> events;
    Generator(4, 1, into(events)).run(20'000);
    model::Store store;
    for (const model::Event& event : events)
        store.append(event.record, event.hart);
    ASSERT_EQ(store.size(), events.size());
    for (usize i = 0; i < events.size(); i++) {
        ASSERT_TRUE(same(store.event(i).record, events[i].record)) << i;
        ASSERT_EQ(store.event(i).hart, events[i].hart);
        ASSERT_EQ(store.lwp(i), events[i].lwp());
    }
}

TEST(Store, upper_bound_is_the_first_event_after_a_time) {
    model::Store store;
    Generator(2, 1, into(store)).run(10'000);
    for (usize i = 0; i < store.size(); i += 97) {
        usize bound = store.upper_bound(store.time(i));
        ASSERT_GT(bound, i);
        ASSERT_EQ(store.time(bound - 1), store.time(i));
        if (bound < store.size()) {
            ASSERT_GT(store.time(bound), store.time(i));
        }
    }
    EXPECT_EQ(store.upper_bound(0), 0U);
    EXPECT_EQ(store.upper_bound(~0ull), store.size());
}

TEST(Store, an_event_that_comes_too_late_is_reported_and_time_still_never_goes_back) {
    model::Store store;
    Builder machine(1, into(store));
    model::Event early = store.event(0);
    store.append(early.record, early.hart);
    ASSERT_FALSE(store.problems().empty());
    EXPECT_EQ(store.problems()[0].kind, model::Problem::Kind::out_of_order);
    for (usize i = 1; i < store.size(); i++)
        EXPECT_GE(store.stamp(i), store.stamp(i - 1));
}

TEST(Store, an_unknown_event_or_hart_is_reported_and_not_stored) {
    model::Store store;
    store.append(Record{1, {9999, 0, 0}}, HartId{});
    store.append(Record{1, {id_of<Tick>, 0, 0}}, static_cast<HartId>(model::max_harts));
    EXPECT_TRUE(store.empty());
    EXPECT_EQ(store.problem_count(), 2U);
}

TEST(Store, a_loss_shows_in_every_later_state_and_in_no_earlier) {
    model::Store store;
    Generator generator(1, 1, into(store));
    generator.run(6'000);
    usize at = store.size();
    store.report({model::Problem::Kind::discarded, HartId{}, 0, at, 12, "12 events lost"});
    generator.run(12'000);
    EXPECT_EQ(store.state_after(at - 1).harts[0].discarded, 0U);
    EXPECT_EQ(store.state_after(at).harts[0].discarded, 12U);
    EXPECT_EQ(store.state_after(at + 5000).harts[0].discarded, 12U);
    EXPECT_EQ(store.state_after(10).harts[0].discarded, 0U);
    EXPECT_EQ(store.newest().harts[0].discarded, 12U);
    EXPECT_EQ(store.discarded(), 12U);
}

TEST(Store, an_event_takes_at_most_24_bytes_with_its_indexes) {
    model::Store store;
    Generator(8, 1, into(store), 22).run(200'000); // 8 harts, about 220 LWPs
    EXPECT_LE(store.memory(), store.size() * 24);
}

TEST(Store, repeated_problems_add_up) {
    model::Store store;
    for (int i = 0; i < 100; i++)
        store.report({model::Problem::Kind::malformed, HartId{}, 0, 0, 2, "garbage"});
    ASSERT_EQ(store.problems().size(), 1U);
    EXPECT_EQ(store.problems()[0].count, 200U);
    EXPECT_EQ(store.problem_count(), 100U);
}

TEST(Narration, fills_in_names_and_links_them) {
    model::Store store;
    Builder machine(1, into(store));
    LwpId writer = machine.create("writer", LwpKind::kernel, 70);
    machine.start(writer);
    model::Event runnable = store.event(store.size() - 2);
    EXPECT_EQ(sentence(runnable, store.names()), "writer is runnable on hart 0 with priority 70");
    auto pieces = narrate(runnable, store.names());
    EXPECT_TRUE(pieces[0].is_link);
    EXPECT_EQ(pieces[0].id, static_cast<u32>(writer));
    EXPECT_EQ(pieces[0].kind, Kind::lwp);
}

TEST(Narration, leaves_no_brace_in_any_event) {
    model::Names names;
    Events::for_each([&]<class E>() {
        Packed packed = pack(E{}, id_of<E>);
        model::Event event{{1, {packed.words[0], packed.words[1], packed.words[2]}}, HartId{}};
        std::string text = sentence(event, names);
        EXPECT_EQ(text.find('{'), std::string::npos) << text;
        EXPECT_FALSE(text.empty());
    });
}

TEST(Names, a_long_name_comes_in_pieces_and_a_new_one_replaces_it) {
    model::Store store;
    Builder machine(1, into(store));
    machine.name(Kind::lock, 1, "a name that is longer than sixteen bytes");
    EXPECT_EQ(store.names().of(Kind::lock, 1), "a name that is longer than sixteen bytes");
    machine.name(Kind::lock, 2, "sixteen bytes, i");
    machine.name(Kind::lock, 2, "sixteen bytes, i");
    EXPECT_EQ(store.names().of(Kind::lock, 2), "sixteen bytes, i");
    EXPECT_EQ(store.names().of(Kind::lock, 3), "lock 3");
}

TEST(Names, what_is_not_printable_becomes_a_question_mark_and_length_is_bounded) {
    model::Names names;
    Name name{.object = object(Kind::text, 1), .text = {}};
    for (u8& byte : name.text.bytes)
        byte = 0x1b;
    for (int i = 0; i < 100; i++)
        names.add(name);
    EXPECT_EQ(names.of(Kind::text, 1), std::string(255, '?'));
}

TEST(Time, prints_as_milliseconds_as_fine_as_the_clock) {
    EXPECT_EQ(model::format_time(123456, 10'000'000), "12.345 6 ms");
    EXPECT_EQ(model::format_time(5, 1000), "5 ms");
    EXPECT_EQ(model::format_time(7, 0), "7 ticks");
}

} // namespace
