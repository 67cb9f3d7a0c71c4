// SPDX-License-Identifier: BSD-2-Clause
#include "grader/run.hpp"

#include "session/session.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace grader {

namespace {

constexpr usize most_build_output = 65'536;
constexpr unsigned build_seconds = 300;
constexpr usize endless_console = 16 << 20; // no point in waiting for the machine's time to run out

std::string shell_word(const std::filesystem::path& path) {
    std::string text = "'";
    for (char c : path.string())
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

/// Runs a command; its output, at most most_build_output bytes of it, and whether it succeeded.
bool run_command(const std::string& command, std::string& output) {
    std::FILE* pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
    if (pipe == nullptr)
        return false;
    std::array<char, 4096> chunk;
    while (usize size = std::fread(chunk.data(), 1, chunk.size(), pipe))
        if (output.size() < most_build_output)
            output.append(chunk.data(), size);
    return pclose(pipe) == 0;
}

u64 milliseconds_to_ticks(u64 milliseconds, u64 timebase) {
    return milliseconds * timebase / 1000;
}

} // namespace

Run::Run(const session::Lab& lab, const Submission& submission)
    : session_(std::make_unique<session::Session>())
    , kernel_(submission.output / "kernel.elf")
    , trace_(submission.output / "trace") {
    std::filesystem::create_directories(submission.output);
    std::filesystem::remove_all(trace_);
    if (!build(lab, submission)) {
        end_ = End::not_built;
        return;
    }
    boot(lab, submission);
    end_ = watch(lab.limits, submission.silence_seconds);
    judged_ = count_within(lab.limits);
    session_->stop();
}

Run::~Run() = default;

const model::Store& Run::store() const {
    return session_->store();
}

bool Run::build(const session::Lab& lab, const Submission& submission) {
    for (const char* inherited : {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"})
        unsetenv(inherited); // of a make that runs us: its LAB and its job server are not ours
    std::string command = fmt::format("timeout {} make -s kernel LAB={} KERNEL={}", build_seconds,
                                      shell_word(lab.name), shell_word(kernel_));
    if (!submission.handler.empty())
        command += " HANDLER=" + shell_word(submission.handler);
    return run_command(command, message_);
}

void Run::boot(const session::Lab& lab, const Submission&) {
    session::Options options;
    options.kernel = kernel_;
    options.scenario = lab.scenario;
    options.harts = lab.harts;
    options.seed = lab.seed;
    options.parameters = lab.parameters;
    options.record = trace_;
    session_->start(options);
    session_->run();
}

End Run::watch(const session::Limits& limits, unsigned silence_seconds) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point last_news = Clock::now();
    usize events = 0;
    while (true) {
        session_->poll(50);
        if (std::optional<End> end = ended(limits))
            return session_->console().size() > limits.console ? End::too_much_output : *end;
        if (store().size() != events)
            last_news = Clock::now();
        events = store().size();
        if (Clock::now() - last_news > std::chrono::seconds(silence_seconds))
            return End::silent;
    }
}

/// The console alone does not end a run before it is endless: how much of it has arrived by now is
/// a matter of the host's speed, how much there is in the end is not.
std::optional<End> Run::ended(const session::Limits& limits) {
    const session::Status& status = session_->status();
    if (status.phase == session::Phase::failed) {
        message_ = status.message;
        return End::not_run;
    }
    if (store().size() > limits.events)
        return End::too_many_events;
    if (count_within(limits) < store().size() || session_->console().size() > endless_console)
        return End::out_of_time;
    if (status.phase != session::Phase::ended)
        return std::nullopt;
    if (!store().newest().panicked)
        return End::halted;
    message_ = store().names().of(store().newest().panic_message);
    return End::panicked;
}

usize Run::count_within(const session::Limits& limits) const {
    const model::Store& store = session_->store();
    if (store.empty())
        return 0;
    u64 end = store.time(0) + milliseconds_to_ticks(limits.milliseconds, store.newest().timebase);
    return std::min<usize>({store.size(), limits.events, store.upper_bound(end)});
}

} // namespace grader
