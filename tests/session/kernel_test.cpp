// SPDX-License-Identifier: BSD-2-Clause
// The session with the real kernel in it.
#include "exact.hpp"
#include "load/build_id.hpp"
#include "load/trace_reader.hpp"

namespace session {

class Kernel : public Exact {
protected:
    Options kernel(unsigned harts, const std::string& scenario) const {
        Options out = guest(harts, "hz=100");
        out.kernel = build_directory() / "kernel.elf";
        out.scenario = scenario;
        return out;
    }
};

TEST_F(Kernel, the_tour_stepped_is_the_tour_bit_for_bit_with_one_hart) {
    expect_same(kernel(1, "tour"));
}

TEST_F(Kernel, the_tour_stepped_is_the_tour_bit_for_bit_with_four_harts) {
    expect_same(kernel(4, "tour"));
}

TEST_F(Kernel, the_store_is_complete_and_possible_wherever_it_stops) {
    Session session;
    for (u64 n : {3u, 150u, 333u, 500u, 700u}) {
        session.start(kernel(2, "tour"), n);
        poll_until(session, Phase::paused);
        EXPECT_EQ(session.store().size(), n);
        EXPECT_TRUE(session.store().problems().empty()) << session.store().problems()[0].sentence;
        EXPECT_TRUE(session.store().newest().check().empty());
    }
}

TEST_F(Kernel, what_was_recorded_is_what_was_shown) {
    Session session;
    session.start(kernel(4, "tour"), 600); // held: some events are only in guest memory
    poll_until(session, Phase::paused);
    Streams shown = streams(session.store());
    session.stop();
    model::Store recorded;
    load::TraceReader reader(session.status().record, recorded);
    ASSERT_TRUE(reader.read_all()) << reader.error();
    EXPECT_TRUE(streams(recorded) == shown);
    EXPECT_TRUE(recorded.problems().empty());
}

TEST_F(Kernel, a_recording_says_which_build_of_the_kernel_made_it) {
    Session session;
    Options options = kernel(1, "block");
    run_to_end(session, options);
    model::Store recorded;
    load::TraceReader reader(session.status().record, recorded);
    EXPECT_EQ(reader.manifest().build_id.size(), 40U); // of SHA-1, in hexadecimal
    EXPECT_EQ(reader.manifest().build_id, load::build_id(options.kernel));
}

TEST_F(Kernel, a_wrong_parameter_is_refused_with_the_kernels_own_sentence) {
    Options options = kernel(1, "tour");
    options.parameters = {"colour=red"};
    Session session;
    Summary summary = run_to_end(session, options);
    EXPECT_EQ(summary.phase, Phase::ended);
    EXPECT_NE(summary.exit_status, 0);
    EXPECT_NE(summary.message.find("colour"), std::string::npos) << summary.message;
}

TEST_F(Kernel, a_live_run_pauses_goes_on_and_ends) {
    Options options = kernel(2, "tour");
    options.live = true;
    Session session;
    session.start(options);
    poll_until(session, [&] { return session.store().size() > 50; });
    session.pause();
    poll_until(session, [&] { return session.status().phase != Phase::running; });
    session.run();
    poll_until(session, Phase::ended);
    EXPECT_EQ(session.status().exit_status, 0) << session.console();
    EXPECT_FALSE(session.status().repeatable);
}

} // namespace session
