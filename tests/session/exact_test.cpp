// SPDX-License-Identifier: BSD-2-Clause
// Stops are exact, and change nothing.
#include "exact.hpp"

namespace session {

TEST_F(Exact, a_stepped_run_is_the_free_run_bit_for_bit_with_one_hart) {
    expect_same(guest(1, "work=2000 end=0"));
}

TEST_F(Exact, a_stepped_run_is_the_free_run_bit_for_bit_with_four_harts) {
    expect_same(guest(4, "work=500 end=0"));
}

TEST_F(Exact, a_run_without_the_gate_is_the_same_run) {
    Options options = guest(1, "work=2000 end=0");
    Streams expected = free_run(options);
    options.gate_plugin = place / "none.so";
    Session session;
    Summary summary = run_to_end(session, options);
    EXPECT_EQ(summary.phase, Phase::ended) << summary.message;
    EXPECT_FALSE(session.status().exact);
    EXPECT_TRUE(streams(session.store()) == expected);
}

TEST_F(Exact, a_run_stops_exactly_after_event_n) {
    Options options = guest(2, "work=1000 end=0");
    Session session;
    for (u64 n : {1u, 2u, 17u, 124u, 125u, 126u, 700u, 1999u}) {
        session.start(options, n);
        poll_until(session, Phase::paused);
        EXPECT_EQ(session.store().size(), n);
        session.step();
        poll_until(session, Phase::paused);
        EXPECT_EQ(session.store().size(), n + 1);
    }
}

TEST_F(Exact, step_until_stops_right_after_the_event) {
    auto is_tick = [](const model::Event& event) {
        return event.id() == trace::id_of<trace::Tick>;
    };
    Session session;
    session.start(guest(1, "work=2000 end=0"), 1);
    poll_until(session, Phase::paused);
    for (int i = 1; i <= 3; i++) {
        session.step_until(is_tick);
        poll_until(session, Phase::paused);
        usize ticks = 0;
        for (usize n = 0; n < session.store().size(); n++)
            ticks += is_tick(session.store().event(n));
        EXPECT_EQ(ticks, static_cast<usize>(i));
        EXPECT_TRUE(is_tick(session.store().event(session.store().size() - 1)));
    }
}

TEST_F(Exact, a_pause_comes_after_some_event_and_nothing_moves_until_it_goes_on) {
    Session session;
    session.start(guest(1, "work=1 end=endless"));
    poll_until(session, [&] { return session.store().size() > 100; });
    session.pause();
    poll_until(session, Phase::paused);
    usize events = session.store().size();
    for (int i = 0; i < 5; i++)
        session.poll(10);
    EXPECT_EQ(session.store().size(), events);
    session.step();
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.store().size(), events + 1);
    session.run();
    poll_until(session, [&] { return session.store().size() > events + 1000; });
    EXPECT_EQ(session.status().phase, Phase::running);
}

TEST_F(Exact, a_restart_tells_the_same_story_from_the_beginning) {
    Session session;
    session.start(guest(2, "work=500 end=0"), 300);
    poll_until(session, Phase::paused);
    Streams first = streams(session.store());
    session.run();
    poll_until(session, Phase::ended);
    session.restart(300);
    poll_until(session, Phase::paused);
    EXPECT_TRUE(streams(session.store()) == first);
}

TEST_F(Exact, a_rate_is_kept_and_its_stops_change_nothing) {
    Options options = guest(1, "work=200 end=0");
    Streams expected = free_run(options);
    Session session;
    session.set_rate(2000);
    session.start(options);
    poll_until(session, Phase::ended);
    EXPECT_TRUE(streams(session.store()) == expected);
}

} // namespace session
