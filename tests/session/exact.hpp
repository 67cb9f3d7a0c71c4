// SPDX-License-Identifier: BSD-2-Clause
// Free runs, stepped runs, and the comparison of the two, event by event and bit by bit.
#pragma once

#include "session/headless.hpp"
#include "support.hpp"

#include <random>

namespace session {

class Exact : public SessionTest {
protected:
    Streams free_run(const Options& options) {
        Session session;
        Summary summary = run_to_end(session, options);
        EXPECT_EQ(summary.phase, Phase::ended) << summary.message;
        EXPECT_GT(summary.events, 100u);
        EXPECT_EQ(summary.problems, 0u) << session.store().problems()[0].sentence;
        return streams(session.store());
    }

    // Stops at many random places, at some of them twice in a row, and goes on to the end.
    Streams stepped_run(const Options& options, unsigned seed) {
        std::mt19937 random(seed);
        Session session;
        session.start(options, 1 + random() % 50);
        poll_until(session, Phase::paused);
        while (session.status().phase == Phase::paused) {
            usize before = session.store().size();
            u64 events = random() % 3 == 0 ? 1 + random() % 400 : 1 + random() % 3;
            session.step(events);
            poll_until(session, [&] { return session.status().phase != Phase::running; });
            if (session.status().phase == Phase::paused) {
                EXPECT_EQ(session.store().size(), before + events);
            }
        }
        EXPECT_EQ(session.status().phase, Phase::ended) << session.status().message;
        EXPECT_TRUE(session.status().repeatable);
        return streams(session.store());
    }

    void expect_same(const Options& options) {
        Streams expected = free_run(options);
        for (unsigned seed = 1; seed <= 3; seed++) {
            EXPECT_TRUE(free_run(options) == expected) << "free run " << seed;
            EXPECT_TRUE(stepped_run(options, seed) == expected) << "stepped run " << seed;
        }
    }
};

} // namespace session
