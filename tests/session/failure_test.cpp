// SPDX-License-Identifier: BSD-2-Clause
// Everything that goes wrong says so in a sentence with a next step, loses nothing that was
// recorded, and leaves nothing behind.
#include "load/trace_reader.hpp"
#include "session/headless.hpp"
#include "support.hpp"

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace session {

namespace fs = std::filesystem;

class Failure : public SessionTest {
protected:
    static bool says(const Session& session, const char* part) {
        return session.status().message.find(part) != std::string::npos;
    }
    static std::string text_of(const fs::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // The state of a process ('Z' for a zombie, 0 if there is none) and its parent.
    struct Process {
        char state = 0;
        pid_t parent = 0;
    };
    static Process process(pid_t id) {
        std::string stat = text_of("/proc/" + std::to_string(id) + "/stat");
        Process out;
        usize name_end = stat.rfind(')');
        if (name_end != std::string::npos)
            std::sscanf(stat.c_str() + name_end + 1, " %c %d", &out.state, &out.parent);
        return out;
    }
    static bool is_gone(pid_t id) {
        char state = process(id).state;
        return state == 0 || state == 'Z' || state == 'X';
    }
    static pid_t child_of(pid_t parent) {
        for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
            pid_t id = std::atoi(entry.path().filename().c_str());
            if (id > 0 && process(id).parent == parent)
                return id;
        }
        return 0;
    }
    template <class F> static void wait_until(F&& reached) {
        auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!reached() && std::chrono::steady_clock::now() < deadline)
            usleep(2000);
        ASSERT_TRUE(reached());
    }

    void visualizer_dies_of(int signal);
};

TEST_F(Failure, a_missing_qemu_is_named_with_the_next_step) {
    Options options = guest(1, "end=0");
    options.qemu = "qemu-system-riscv64-that-is-not-there";
    Session session;
    session.start(options);
    EXPECT_EQ(session.status().phase, Phase::failed);
    EXPECT_EQ(session.status().message,
              "qemu-system-riscv64-that-is-not-there not found: run `make deps`");
}

TEST_F(Failure, a_missing_kernel_is_named_with_the_next_step) {
    Options options = guest(1, "end=0");
    options.kernel = place / "kernel.elf";
    Session session;
    session.start(options);
    EXPECT_EQ(session.status().phase, Phase::failed);
    EXPECT_TRUE(says(session, "run `make kernel`")) << session.status().message;
}

TEST_F(Failure, a_file_that_is_no_kernel_is_refused) {
    Options options = guest(1, "end=0");
    options.kernel = place / "kernel.elf";
    std::ofstream(options.kernel) << "hello";
    Session session;
    session.start(options);
    EXPECT_EQ(session.status().phase, Phase::failed);
    EXPECT_TRUE(says(session, "is not a RISC-V kernel")) << session.status().message;
}

TEST_F(Failure, a_number_of_harts_that_cannot_be_is_refused) {
    Session session;
    for (unsigned harts : {0u, 9u, 99u}) {
        session.start(guest(harts, "end=0"));
        EXPECT_EQ(session.status().phase, Phase::failed);
        EXPECT_TRUE(says(session, "1 to 8 harts")) << session.status().message;
    }
}

TEST_F(Failure, a_qemu_that_refuses_to_start_is_quoted) {
    Options options = guest(1, "end=0");
    options.qemu = place / "qemu";
    std::ofstream(options.qemu) << "#!/bin/sh\n"
                                   "echo 'qemu-system-riscv64: warning: it is late'\n"
                                   "echo 'qemu-system-riscv64: no room for guest memory'; exit 1\n";
    fs::permissions(options.qemu, fs::perms::owner_all);
    Session session;
    Summary summary = run_to_end(session, options);
    EXPECT_EQ(summary.phase, Phase::failed);
    EXPECT_NE(summary.message.find("no room for guest memory"), std::string::npos)
        << summary.message;
}

TEST_F(Failure, without_the_plugin_it_runs_on_and_says_that_stops_are_not_exact) {
    Options options = guest(1, "work=1 end=endless");
    options.gate_plugin = place / "gate.so";
    std::ofstream(options.gate_plugin) << "no plugin";
    Session session;
    session.start(options);
    poll_until(session, [&] { return session.store().size() > 100; });
    EXPECT_FALSE(session.status().exact);
    EXPECT_TRUE(says(session, "stops are not exact")) << session.status().message;
    session.pause();
    poll_until(session, Phase::paused);
}

TEST_F(Failure, a_failing_status_comes_with_the_last_words_of_the_console) {
    Session session;
    Summary summary = run_to_end(session, guest(1, "work=10 end=7"));
    EXPECT_EQ(summary.phase, Phase::ended);
    EXPECT_EQ(summary.exit_status, 7);
    EXPECT_EQ(summary.message, "the kernel ended with status 7: guest: there is no end=7");
}

TEST_F(Failure, a_panic_is_told_by_event_and_by_console) {
    Session session;
    Summary summary = run_to_end(session, guest(1, "work=10 end=panic"));
    EXPECT_EQ(summary.exit_status, 2);
    EXPECT_EQ(summary.message, "the kernel panicked: the test wants it");
    EXPECT_NE(session.console().find("panic: the test wants it"), std::string::npos);
}

TEST_F(Failure, a_silent_guest_is_pointed_out_and_can_be_stopped) {
    Session session;
    session.start(guest(1, "work=10 end=silent"));
    poll_until(session, [&] { return says(session, "endless loop"); });
    EXPECT_EQ(session.status().phase, Phase::running);
    session.stop();
    EXPECT_EQ(session.status().phase, Phase::idle);
    EXPECT_GT(session.store().size(), 10u); // also what the guest had not sent
}

TEST_F(Failure, when_qemu_is_killed_its_last_events_are_kept_and_the_trace_opens) {
    Session session;
    session.start(guest(2, "work=1 end=endless"));
    poll_until(session, [&] { return session.store().size() > 500; });
    kill(child_of(getpid()), SIGKILL);
    poll_until(session, Phase::failed);
    EXPECT_TRUE(says(session, "killed by signal 9")) << session.status().message;
    EXPECT_TRUE(says(session, session.status().record.c_str()));
    EXPECT_TRUE(session.store().finished());

    model::Store recorded;
    load::TraceReader reader(session.status().record, recorded);
    ASSERT_TRUE(reader.read_all()) << reader.error();
    EXPECT_TRUE(streams(recorded) == streams(session.store()));
}

TEST_F(Failure, a_full_disk_ends_the_recording_but_not_the_run) {
    Options options = guest(1, "work=2000 end=0");
    fs::create_directory(options.record);
    fs::create_symlink("/dev/full", options.record / "hart0");
    Session session;
    Summary summary = run_to_end(session, options);
    EXPECT_EQ(summary.phase, Phase::ended) << summary.message;
    EXPECT_GT(summary.events, 2000u);
    EXPECT_NE(session.status().recording_error.find("No space left"), std::string::npos)
        << session.status().recording_error;
}

// A child process plays the visualizer; it must be killed while its QEMU runs.
void Failure::visualizer_dies_of(int signal) {
    pid_t visualizer = fork();
    if (visualizer == 0) {
        Session session;
        session.start(guest(1, "work=1 end=endless"));
        for (;;)
            session.poll(100);
    }
    pid_t qemu = 0;
    wait_until([&] { return (qemu = child_of(visualizer)) != 0; });
    wait_until([&] { return fs::exists(place / "trace/hart0"); });
    kill(visualizer, signal);
    waitpid(visualizer, nullptr, 0);
    wait_until([&] { return is_gone(qemu); });

    model::Store recorded;
    load::TraceReader reader(place / "trace", recorded);
    EXPECT_TRUE(reader.read_all()) << reader.error();
    EXPECT_GT(recorded.size(), 0u);
    fs::remove_all(place / "trace");
    EXPECT_TRUE(fs::is_empty(place));
}

TEST_F(Failure, a_visualizer_that_is_killed_takes_qemu_along_and_leaves_a_trace) {
    visualizer_dies_of(SIGKILL);
    visualizer_dies_of(SIGTERM);
    visualizer_dies_of(SIGINT);
}

TEST_F(Failure, stop_and_destruction_end_qemu) {
    pid_t qemu;
    {
        Session session;
        session.start(guest(1, "work=1 end=endless"));
        qemu = child_of(getpid());
        session.stop();
        EXPECT_TRUE(is_gone(qemu));
        session.restart();
        qemu = child_of(getpid());
        EXPECT_FALSE(is_gone(qemu));
    }
    EXPECT_TRUE(is_gone(qemu));
}

TEST_F(Failure, typing_is_heard_and_ends_repeatability) {
    Session session;
    session.start(guest(1, "work=1 end=endless"));
    EXPECT_TRUE(session.status().repeatable);
    session.type("x");
    session.poll(10);
    EXPECT_FALSE(session.status().repeatable);
}

} // namespace session
