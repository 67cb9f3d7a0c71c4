// SPDX-License-Identifier: BSD-2-Clause
// Edit, save, build, run again.
#include "support.hpp"

#include <fstream>

namespace session {

class Rebuild : public SessionTest {
protected:
    Options built_by(const std::string& command) const {
        Options out = guest(1, "work=1 end=endless");
        out.build_command = command;
        return out;
    }
};

TEST_F(Rebuild, a_good_build_runs_again_up_to_the_same_event) {
    Session session;
    session.start(built_by("echo all is well"), 100);
    poll_until(session, Phase::paused);
    Streams before = streams(session.store());
    session.rebuild(100);
    EXPECT_EQ(session.status().phase, Phase::building);
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.status().build_output, "all is well\n");
    EXPECT_TRUE(streams(session.store()) == before);
}

TEST_F(Rebuild, a_failed_build_shows_its_error_and_keeps_the_old_run) {
    Session session;
    session.start(built_by("echo 'handler.cpp:7:3: error: no such thing'; exit 2"), 100);
    poll_until(session, Phase::paused);
    session.rebuild();
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.status().message, "the build failed: handler.cpp:7:3: error: no such thing");
    EXPECT_EQ(session.store().size(), 100u);
    session.step(5);
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.store().size(), 105u);
}

TEST_F(Rebuild, a_build_can_be_cancelled) {
    Session session;
    session.start(built_by("echo started; sleep 1000"), 10);
    poll_until(session, Phase::paused);
    session.rebuild();
    poll_until(session, [&] { return session.status().build_output == "started\n"; });
    session.stop();
    EXPECT_EQ(session.status().phase, Phase::paused);
    EXPECT_EQ(session.status().message, "the build was cancelled");
}

TEST_F(Rebuild, saving_a_watched_file_builds_and_runs_again) {
    Options options = built_by("cat " + (place / "handler.cpp").string());
    options.watch = {place / "handler.cpp"};
    std::ofstream(place / "handler.cpp") << "first";
    Session session;
    session.start(options, 50);
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.status().build_output, "");
    std::ofstream(place / "other.cpp") << "not watched";
    session.poll(10);
    EXPECT_EQ(session.status().phase, Phase::paused);

    std::ofstream(place / "handler.cpp") << "second";
    poll_until(session, [&] { return session.status().build_output == "second"; });
    poll_until(session, Phase::paused);
    EXPECT_EQ(session.store().size(), 50u);

    std::ofstream(place / "handler.new") << "third";
    std::filesystem::rename(place / "handler.new", place / "handler.cpp");
    poll_until(session, [&] { return session.status().build_output == "third"; });
}

} // namespace session
