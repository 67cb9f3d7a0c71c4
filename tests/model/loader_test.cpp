// SPDX-License-Identifier: BSD-2-Clause
// From bytes to the store: decoding, merging, and what happens to bytes that are not as they should
// be.
#include "load/loader.hpp"
#include "model/generator.hpp"
#include "model/packets.hpp"

#include <gtest/gtest.h>

using namespace model_test;
using ProblemKind = model::Problem::Kind;

namespace {

// A run, and the same run as the kernel's packets.
struct Recorded {
    std::vector<model::Event> events;
    Packer packer;

    explicit Recorded(unsigned harts, u64 count = 5'000, usize per_packet = 40)
        : packer(per_packet) {
        Sink keep = into(events), pack = packer.sink();
        u64 tick = 0;
        Generator(harts, harts, [&](const Record& record, HartId hart) {
            // Like the kernel, no hart holds a record back for longer than a clock tick.
            u64 now = stamp_time(record.stamp) / (Builder::timebase / 100);
            if (std::exchange(tick, now) != now)
                packer.seal_all();
            keep(record, hart);
            pack(record, hart);
        }).run(count);
    }
};

void expect_equal(const model::Store& store, const std::vector<model::Event>& events) {
    ASSERT_EQ(store.size(), events.size());
    for (usize i = 0; i < events.size(); i++) {
        ASSERT_EQ(store.stamp(i), events[i].stamp()) << i;
        ASSERT_EQ(store.hart(i), events[i].hart) << i;
        ASSERT_EQ(store.event(i).record.words[1], events[i].record.words[1]) << i;
    }
}

bool has(const model::Store& store, ProblemKind kind) {
    for (const model::Problem& problem : store.problems())
        if (problem.kind == kind)
            return true;
    return false;
}

class Harts : public testing::TestWithParam<unsigned> {};

TEST_P(Harts, a_stream_in_pieces_of_any_size_gives_the_events_in_causal_order) {
    Recorded run(GetParam());
    run.packer.seal_all();
    for (usize piece : {1UL, 7UL, 79UL, 80UL, 4096UL, 1UL << 20}) {
        model::Store store;
        load::Loader loader(store);
        load::Bytes rest(run.packer.bytes());
        while (!rest.empty()) {
            usize size = std::min(piece, rest.size());
            loader.feed(rest.first(size));
            loader.append_live();
            rest = rest.subspan(size);
        }
        loader.finish();
        EXPECT_TRUE(store.finished());
        EXPECT_TRUE(store.problems().empty()) << store.problems().front().sentence;
        expect_equal(store, run.events);
    }
}

TEST_P(Harts, at_the_gate_the_open_packets_complete_the_picture_and_come_once) {
    // The machine is held every few events; what was sent by then is fed, and the open packets.
    model::Store store;
    load::Loader loader(store);
    Packer packer(40);
    std::vector<model::Event> events;
    usize fed = 0;
    Generator generator(GetParam(), 5, [&](const Record& record, HartId hart) {
        events.push_back({record, hart});
        packer.add(record, hart);
        if (events.size() % 7 != 0)
            return;
        loader.feed(load::Bytes(packer.bytes()).subspan(fed));
        fed = packer.bytes().size();
        for (unsigned h = 0; h < GetParam(); h++)
            ASSERT_TRUE(
                loader.feed_open(hart_id(h), packer.open_sequence(h), packer.open_records(h)));
        loader.append_everything();
        ASSERT_EQ(store.size(), events.size());
    });
    generator.run(3'000);
    packer.seal_all();
    loader.feed(load::Bytes(packer.bytes()).subspan(fed));
    loader.finish();
    EXPECT_TRUE(store.problems().empty()) << store.problems().front().sentence;
    expect_equal(store, events);
}

INSTANTIATE_TEST_SUITE_P(some, Harts, testing::Values(1, 2, 4, 8));

TEST(Loader, an_open_packet_is_refused_while_one_before_it_is_under_way) {
    Recorded run(1, 100);
    model::Store store;
    load::Loader loader(store);
    EXPECT_FALSE(loader.feed_open(HartId{}, 2, run.packer.open_records(0)));
    EXPECT_FALSE(loader.feed_open(static_cast<HartId>(200), 0, run.packer.open_records(0)));
    loader.append_everything();
    EXPECT_TRUE(store.empty());
}

TEST(Loader, live_input_keeps_back_what_may_still_be_overtaken) {
    model::Store store;
    load::Loader loader(store);
    Packer packer(1);
    Builder machine(2, packer.sink());
    usize boot = packer.bytes().size();
    loader.feed(packer.bytes());
    loader.append_live();
    // Hart 0 goes on, hart 1 says nothing: within a few clock ticks it still could.
    for (int i = 0; i < 3; i++) {
        machine.advance(Builder::timebase / 200);
        machine.timer(0);
    }
    loader.feed(load::Bytes(packer.bytes()).subspan(boot));
    loader.append_live();
    EXPECT_NE(loader.waiting(), 0U);
    usize before = packer.bytes().size();
    machine.advance(Builder::timebase / 2);
    machine.timer(0);
    loader.feed(load::Bytes(packer.bytes()).subspan(before));
    loader.append_live();
    EXPECT_LE(loader.waiting(), 3U); // the newest timer interrupt alone
    EXPECT_TRUE(store.problems().empty());
}

TEST(Loader, an_empty_packet_says_that_nothing_older_will_come) {
    model::Store store;
    load::Loader loader(store);
    Packer packer(1);
    Builder machine(2, packer.sink());
    machine.advance(10);
    machine.timer(0);
    machine.advance(10);
    machine.timer(0);
    packer.seal(1);
    loader.feed(packer.bytes());
    loader.append_live();
    EXPECT_LE(loader.waiting(), 3U);
}

TEST(Loader, garbage_between_packets_is_skipped_and_counted) {
    Recorded run(1, 1'000);
    run.packer.seal_all();
    model::Store store;
    load::Loader loader(store);
    std::vector<std::byte> garbage(100, std::byte{0xc1});
    for (usize i = 0; i < run.packer.packets(); i++) {
        loader.feed(garbage);
        loader.feed(run.packer.packet(i));
    }
    loader.finish();
    expect_equal(store, run.events);
    ASSERT_TRUE(has(store, ProblemKind::malformed));
    u64 skipped = 0;
    for (const model::Problem& problem : store.problems())
        skipped += problem.count;
    EXPECT_EQ(skipped, garbage.size() * run.packer.packets());
}

TEST(Loader, a_damaged_header_costs_one_packet) {
    Recorded run(1, 1'000);
    run.packer.seal_all();
    for (usize byte = 0; byte < 24; byte++) { // magic, uuid, stream
        std::vector<std::byte> bytes = run.packer.bytes();
        bytes[run.packer.packet(3).data() - run.packer.bytes().data() + byte] ^= std::byte{0x40};
        model::Store store;
        load::Loader loader(store);
        loader.feed(bytes);
        loader.finish();
        EXPECT_EQ(store.size(), run.events.size() - 40);
        EXPECT_TRUE(has(store, ProblemKind::malformed));
        EXPECT_TRUE(has(store, ProblemKind::discarded)); // and the gap shows
    }
}

TEST(Loader, an_unknown_event_is_skipped_and_counted) {
    Recorded run(1, 100);
    run.packer.add(Record{run.events.back().stamp() + 1, {4711, 0, 0}}, HartId{});
    run.packer.seal_all();
    model::Store store;
    load::Loader loader(store);
    loader.feed(run.packer.bytes());
    loader.finish();
    EXPECT_EQ(store.size(), run.events.size());
    ASSERT_TRUE(has(store, ProblemKind::unknown_event));
    EXPECT_NE(store.problems()[0].sentence.find("4711"), std::string::npos);
}

TEST(Loader, another_schema_is_refused_with_what_to_do) {
    Recorded run(1, 100);
    run.packer.seal_all();
    std::vector<std::byte> bytes = run.packer.bytes();
    for (usize i = 0; i < run.packer.packets(); i++) {
        auto start = static_cast<usize>(run.packer.packet(i).data() - run.packer.bytes().data());
        bytes[start + offsetof(PacketHeader, schema)] ^= std::byte{1};
    }
    model::Store store;
    load::Loader loader(store);
    loader.feed(bytes);
    loader.finish();
    EXPECT_TRUE(store.empty());
    EXPECT_EQ(loader.foreign_packets(), loader.packets());
    EXPECT_NE(store.problems().at(0).sentence.find("make"), std::string::npos);
}

TEST(Loader, discarded_events_show_where_they_are_missing) {
    Packer packer(10);
    std::vector<model::Event> events;
    Sink keep = into(events);
    Builder machine(1, [&](const Record& record, HartId hart) {
        keep(record, hart);
        packer.add(record, hart);
    });
    for (int i = 0; i < 9; i++)
        machine.timer(0);
    packer.seal_all();
    usize before = events.size();
    packer.discard(0, 5);
    machine.timer(0);
    packer.seal_all();
    model::Store store;
    load::Loader loader(store);
    loader.feed(packer.bytes());
    loader.finish();
    ASSERT_EQ(store.problems().size(), 1U);
    EXPECT_EQ(store.problems()[0].kind, ProblemKind::discarded);
    EXPECT_EQ(store.problems()[0].count, 5U);
    EXPECT_EQ(store.problems()[0].at_event, before);
    EXPECT_EQ(store.discarded(), 5U);
}

TEST(Loader, a_missing_packet_and_a_repeated_one_are_reported) {
    Recorded run(1, 1'000);
    model::Store store;
    load::Loader loader(store);
    loader.feed(run.packer.packet(0));
    loader.feed(run.packer.packet(0));
    EXPECT_EQ(store.size(), 0U);
    loader.append_everything();
    EXPECT_TRUE(has(store, ProblemKind::out_of_order));
    EXPECT_EQ(store.size(), 40U);
    loader.feed(run.packer.packet(2));
    loader.append_everything();
    EXPECT_TRUE(has(store, ProblemKind::discarded));
    EXPECT_EQ(store.size(), 80U);
}

TEST(Loader, a_stream_cut_off_anywhere_gives_its_whole_packets) {
    Recorded run(1, 100, 10);
    run.packer.seal_all();
    const auto& bytes = run.packer.bytes();
    for (usize cut = 0; cut < bytes.size(); cut++) {
        model::Store store;
        load::Loader loader(store);
        loader.feed(load::Bytes(bytes).first(cut));
        loader.finish();
        usize whole = 0, end = 0;
        while (end + run.packer.packet(whole).size() <= cut)
            end += run.packer.packet(whole++).size();
        ASSERT_EQ(store.size(), whole * 10) << cut;
        ASSERT_EQ(has(store, ProblemKind::truncated), cut != end) << cut;
        ASSERT_FALSE(has(store, ProblemKind::malformed)) << cut;
    }
}

TEST(Loader, the_listener_sees_every_packet_unchanged) {
    Recorded run(2, 1'000);
    run.packer.seal_all();
    model::Store store;
    load::Loader loader(store);
    std::vector<std::byte> seen;
    loader.on_packet([&](const load::Packet& packet) {
        seen.insert(seen.end(), packet.bytes.begin(), packet.bytes.end());
    });
    loader.feed(run.packer.bytes());
    loader.finish();
    EXPECT_EQ(seen, run.packer.bytes());
}

} // namespace
