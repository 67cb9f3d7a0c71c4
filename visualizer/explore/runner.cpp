// SPDX-License-Identifier: BSD-2-Clause
#include "explore/runner.hpp"

#include "arch/current.hpp"
#include "arch/host/simulation.hpp"
#include "explore/announcer.hpp"
#include "explore/watchdog.hpp"
#include "trace/ring.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace explore {

namespace {

constexpr u64 default_step_limit = 1'000'000;
constexpr unsigned patience = 2000;
constexpr unsigned idle_limit = 400;
constexpr usize most_console = 4096;
constexpr usize most_points = 1 << 18;
constexpr usize most_events = 1 << 20;

// What the kernel says on its console, as far as it fits.
char console[most_console];
usize console_size = 0;

void write_console(const char* bytes, usize size) {
    size = std::min(size, most_console - console_size);
    std::copy_n(bytes, size, console + console_size);
    console_size += size;
}

/// Events, while somebody wants them: those of the boot, and behind them those of the run.
struct Recording {
    usize count;
    Recorded events[most_events];
};
Recording* recording = nullptr;
bool wanted = true;

void append(const trace::Record& record, u32 hart) {
    if (recording->count < most_events)
        recording->events[recording->count++] = {record, hart};
}

void on_record() {
    watch_event();
    unsigned hart = arch::current().hart;
    if (wanted)
        append(trace::trace_rings[hart].next[-1], hart);
}

/// What a child leaves behind.
struct Result {
    bool finished;
    Ending ending;
    char sentence[512];
    u64 steps;
};
Result* result = nullptr;

void keep(const Outcome& outcome) {
    result->ending = outcome.ending;
    result->steps = outcome.steps;
    usize length = std::min(outcome.sentence.size(), sizeof result->sentence - 1);
    std::memcpy(result->sentence, outcome.sentence.data(), length);
    result->sentence[length] = 0;
    result->finished = true;
}

} // namespace

void* shared_memory(usize bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc();
    return memory;
}

Runner::Runner(const Subject& subject)
    : subject_(subject)
    , log_(static_cast<RunLog*>(shared_memory(sizeof(RunLog)))) {
    result = static_cast<Result*>(shared_memory(sizeof(Result)));
    recording = static_cast<Recording*>(shared_memory(sizeof(Recording)));
    u32 status = arch::host::power_on({.harts = subject_.harts,
                                       .step_limit = default_step_limit,
                                       .steps_per_tick = 0,
                                       .patience = patience,
                                       .idle_limit = idle_limit,
                                       .ticks_strike = subject_.ticks,
                                       .late_signals = subject_.late,
                                       .delayed_stores = subject_.stores,
                                       .stops_at_workload = true,
                                       .arguments = subject_.arguments.c_str(),
                                       .on_record = on_record,
                                       .write_console = write_console});
    wanted = false;
    events_before_ = recording->count;
    if (status != arch::host::status_workload)
        refusal_.assign(console, console_size);
    snapshot_.take();
}

void Runner::set_step_limit(u64 steps) {
    arch::host::set_step_limit(steps);
    snapshot_.take();
}

void Runner::work_alone(RunLog& log) {
    log_ = &log;
    if (!judge_)
        return;
    auto* own = static_cast<Recording*>(shared_memory(sizeof(Recording)));
    std::copy_n(recording->events, recording->count, own->events);
    own->count = recording->count;
    recording = own;
}

void Runner::judge_events(Outcome& outcome) const {
    outcome.sentence = judge_({recording->events, recording->count});
    if (!outcome.sentence.empty())
        outcome.ending = Ending::rule;
}

Outcome Runner::run_with(Strategy& strategy, LoggedPoint* points, usize room) {
    snapshot_.restore();
    watch_run();
    console_size = 0;
    recording->count = events_before_;
    wanted = wanted || judge_;
    Pilot pilot(strategy, *log_, points, room);
    u32 status = arch::host::go_on(pilot);
    Outcome outcome;
    explore::judge(outcome, status, {console, console_size}, !subject_.reports);
    if (judge_ && !outcome.failed())
        judge_events(outcome);
    outcome.points = log_->points;
    outcome.digest = log_->digest;
    outcome.steps = arch::host::steps_made();
    if (outcome.failed())
        outcome.departures = log_->list();
    return outcome;
}

Outcome Runner::run(Strategy& strategy) {
    return run_with(strategy, nullptr, 0);
}

Outcome Runner::run(Strategy& strategy, std::vector<LoggedPoint>& points) {
    if (log_of_points_ == nullptr)
        log_of_points_ =
            static_cast<LoggedPoint*>(shared_memory(most_points * sizeof *log_of_points_));
    Outcome outcome = run_with(strategy, log_of_points_, most_points);
    points.assign(log_of_points_, log_of_points_ + std::min<usize>(most_points, outcome.points));
    return outcome;
}

/// Runs in a child, whose standard error is kept: that is where a sanitizer writes.
Outcome Runner::apart(const std::function<Outcome()>& run) {
    *result = {};
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error("no pipe could be made");
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        watch_this_process();
        keep(run());
        _exit(0);
    }
    close(ends[1]);
    std::string written;
    char block[1024];
    for (ssize_t size; (size = read(ends[0], block, sizeof block)) > 0;)
        written.append(block, static_cast<usize>(size));
    close(ends[0]);
    int how = 0;
    waitpid(child, &how, 0);

    Outcome outcome;
    outcome.points = log_->points;
    outcome.digest = log_->digest;
    outcome.departures = log_->list();
    if (result->finished) {
        outcome.ending = result->ending;
        outcome.sentence = result->sentence;
        outcome.steps = result->steps;
    } else {
        judge_crash(outcome, how, written);
    }
    return outcome;
}

Outcome Runner::run_apart(Strategy& strategy) {
    return apart([&] { return run(strategy); });
}

Outcome Runner::record(const Departures& departures, const std::string& caption,
                       std::vector<Recorded>& events) {
    recording->count = events_before_;
    Outcome outcome = apart([&] {
        snapshot_.restore();
        FixedStrategy strategy(departures);
        Announcer announcer(strategy, departures, caption, append);
        snapshot_.take();
        wanted = true;
        events_before_ = recording->count;
        return run(announcer);
    });
    events.assign(recording->events, recording->events + recording->count);
    return outcome;
}

} // namespace explore
