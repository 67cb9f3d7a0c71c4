// SPDX-License-Identifier: BSD-2-Clause
// One real window on a real X server, with a real machine behind it: Xvfb, xdotool, QEMU.
//
// The loop of a lecture: start, step, step back, return, run, pause, quit by key. What happened is
// read from outside: the window's picture changes, the recording grows, the program ends with
// status 0 and leaves no QEMU behind.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    if (pipe == nullptr)
        return text;
    char block[4096];
    for (size_t n = 0; (n = fread(block, 1, sizeof block, pipe)) != 0;)
        text.append(block, n);
    pclose(pipe);
    return text;
}

bool exists(const char* program) {
    return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
}

/// Waits for something that will happen; a loaded machine may take its time.
bool eventually(const std::function<bool()>& what, std::chrono::seconds limit = 60s) {
    auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
        if (what())
            return true;
        std::this_thread::sleep_for(50ms);
    }
    return what();
}

/// A process of ours that ends with the test.
class Process {
public:
    explicit Process(const std::vector<std::string>& words,
                     const std::vector<std::string>& environment = {}) {
        pid_ = fork();
        if (pid_ != 0)
            return;
        for (const std::string& setting : environment)
            putenv(strdup(setting.c_str()));
        std::vector<char*> arguments;
        for (const std::string& word : words)
            arguments.push_back(strdup(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    ~Process() {
        if (!ended_) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    bool has_ended() {
        int status = 0;
        if (!ended_ && waitpid(pid_, &status, WNOHANG) == pid_) {
            ended_ = true;
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        return ended_;
    }
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_;
    bool ended_ = false;
    int status_ = -1;
};

struct WindowTest : testing::Test {
    fs::path folder = fs::temp_directory_path() / ("interlude-window-" + std::to_string(getpid()));
    std::string display = ":" + std::to_string(200 + getpid() % 5000);

    void SetUp() override {
        for (const char* program : {"Xvfb", "xdotool", "import", "qemu-system-riscv64"})
            if (!exists(program))
                GTEST_SKIP() << program << " is not installed (make deps)";
        if (!fs::exists("build/interlude") || !fs::exists("build/kernel.elf"))
            GTEST_SKIP() << "build/interlude and build/kernel.elf are not built";
        fs::create_directories(folder / "interlude");
        std::ofstream(folder / "interlude" / "settings.json")
            << R"({"walk_done": true, "window_width": 1200, "window_height": 800})";
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string x(const std::string& command) {
        return output_of("DISPLAY=" + display + " " + command);
    }
    std::string window() {
        std::string id = x("xdotool search --name '^Interlude'");
        return id.substr(0, id.find('\n'));
    }
    void press(const std::string& key) { x("xdotool key --window " + window() + " " + key); }
    /// A hash of what the window shows.
    std::string picture() { return x("import -window " + window() + " rgb:- | md5sum"); }
    /// Presses a key until the picture is another one: on a loaded machine X may lose one.
    bool press_changes(const std::string& key) {
        std::string before = picture();
        for (int tries = 0; tries < 5; tries++) {
            press(key);
            if (eventually([&] { return picture() != before; }, 6s))
                return true;
        }
        return false;
    }
    void wait_until_still() {
        std::string last;
        eventually([&] {
            std::string now = picture();
            bool same = now == last;
            last = now;
            std::this_thread::sleep_for(250ms);
            return same;
        });
    }
    /// The machines that the program has started.
    static std::vector<pid_t> children_of(pid_t program) {
        std::istringstream list(output_of("pgrep -P " + std::to_string(program)));
        std::vector<pid_t> children;
        for (pid_t child = 0; list >> child;)
            children.push_back(child);
        return children;
    }
};

TEST_F(WindowTest, start_step_back_run_pause_quit) {
    Process server({"Xvfb", display, "-screen", "0", "1280x900x24", "-nolisten", "tcp"});
    ASSERT_TRUE(eventually([&] { return !x("xdotool getdisplaygeometry").empty(); }))
        << "Xvfb does not start";
    Process program({"build/interlude", "run", "--kernel", "build/kernel.elf", "--paused",
                     "--record", (folder / "trace").string()},
                    {"DISPLAY=" + display, "XDG_CONFIG_HOME=" + folder.string()});
    ASSERT_TRUE(eventually([&] { return !window().empty() || program.has_ended(); }));
    ASSERT_FALSE(program.has_ended()) << "it ended with status " << program.status();
    x("xdotool windowfocus " + window());
    wait_until_still();

    EXPECT_TRUE(press_changes("Right")) << "a step shows another picture";
    wait_until_still();
    EXPECT_TRUE(press_changes("i")) << "the next interrupt shows another picture";
    wait_until_still();
    std::string newest = picture();
    EXPECT_TRUE(press_changes("Left")) << "a step back shows another picture";
    wait_until_still();
    EXPECT_TRUE(press_changes("End"));
    wait_until_still();
    EXPECT_EQ(picture(), newest) << "back at the newest event, the picture is what it was";
    EXPECT_TRUE(press_changes("space")) << "it runs";
    press("space");

    std::vector<pid_t> machines = children_of(program.pid());
    EXPECT_FALSE(machines.empty()) << "a machine stands behind the picture";
    for (int tries = 0; tries < 5 && !program.has_ended(); tries++) {
        press("ctrl+q");
        eventually([&] { return program.has_ended(); }, 6s);
    }
    ASSERT_TRUE(program.has_ended());
    EXPECT_EQ(program.status(), 0);
    for (pid_t machine : machines)
        EXPECT_TRUE(eventually([&] { return kill(machine, 0) != 0; }, 20s)) << "a QEMU is left";
    EXPECT_TRUE(fs::exists(folder / "trace" / "metadata")) << "what happened is recorded";
    EXPECT_TRUE(fs::exists(folder / "interlude" / "settings.json")) << "settings are remembered";
}

} // namespace
