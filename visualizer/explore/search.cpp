// SPDX-License-Identifier: BSD-2-Clause
#include "explore/search.hpp"

#include "explore/watchdog.hpp"

#include <chrono>
#include <csignal>
#include <cstring>
#include <new>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace explore {

namespace {

using Clock = std::chrono::steady_clock;

constexpr u64 none = ~u64{0};
constexpr int look_every_ms = 100;

volatile std::sig_atomic_t interrupted = 0;

/// What a worker has before it; the coordinator reads it when the worker is gone.
struct Desk {
    RunLog log;
    u64 item;
    bool found;
    Ending ending;
    char sentence[512];
};

struct Worker {
    pid_t process = 0;
    Desk* desk = nullptr;
    int error = -1; // a file in memory that it writes to instead of standard error
};

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void lower(std::atomic<u64>& value, u64 to) {
    u64 now = value;
    while (to < now && !value.compare_exchange_weak(now, to)) {
    }
}

void leave_on(Desk& desk, const Outcome& outcome) {
    desk.ending = outcome.ending;
    usize length = std::min(outcome.sentence.size(), sizeof desk.sentence - 1);
    std::memcpy(desk.sentence, outcome.sentence.data(), length);
    desk.sentence[length] = 0;
    desk.found = true;
}

/// In a worker: item after item.
void do_items(Plan& plan, Runner& runner, Tally& tally, Desk& desk) {
    runner.work_alone(desk.log);
    while (!tally.cancelled) {
        u64 item = tally.next_item++;
        if (item >= plan.items() || item > tally.found_item)
            return;
        desk.item = item;
        if (auto failure = plan.work(item, runner, tally)) {
            leave_on(desk, *failure);
            lower(tally.found_item, item);
            return;
        }
    }
}

std::string text_of(int file) {
    std::string text(static_cast<usize>(lseek(file, 0, SEEK_END)), 0);
    ssize_t size = pread(file, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<usize>(size) : 0);
    return text;
}

class Workers {
public:
    Workers(Plan& plan, Runner& runner, unsigned count, u64 schedules)
        : plan_(plan)
        , runner_(runner)
        , tally_(*new (shared_memory(sizeof(Tally))) Tally)
        , workers_(count) {
        tally_.found_item = none;
        tally_.allowance.set_limit(schedules);
        for (Worker& worker : workers_)
            start(worker);
    }
    ~Workers() {
        for (Worker& worker : workers_) {
            close(worker.error);
            munmap(worker.desk, sizeof(Desk));
        }
        munmap(&tally_, sizeof(Tally));
    }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    Tally& tally() { return tally_; }

    /// Takes note of workers that are gone. False when all are.
    bool look() {
        bool any = false;
        for (Worker& worker : workers_) {
            int how = 0;
            if (worker.process != 0 && waitpid(worker.process, &how, WNOHANG) == worker.process) {
                worker.process = 0;
                bury(worker, how);
            }
            any = any || worker.process != 0;
        }
        return any;
    }

    /// At once: a worker may be in the middle of a run that never ends.
    void end() {
        tally_.cancelled = true;
        for (Worker& worker : workers_) {
            if (worker.process == 0)
                continue;
            kill(worker.process, SIGKILL);
            waitpid(worker.process, nullptr, 0);
            worker.process = 0;
            if (worker.desk->found)
                bury(worker, 0);
        }
    }

    void fill_in(Found& found) const {
        const Allowance& allowance = tally_.allowance;
        found.schedules = allowance.used(tally_.schedules);
        found.pruned = tally_.pruned;
        found.points = tally_.points;
        found.behaviours = tally_.behaviours.count();
        found.failure = allowance.covers(item_) ? failure_ : std::nullopt;
        found.item = item_;
        found.number = allowance.made_until(item_);
        found.complete = tally_.found_item == none && tally_.next_item >= plan_.items()
                         && !tally_.cancelled && allowance.sufficed();
    }

private:
    void start(Worker& worker) {
        worker.desk = static_cast<Desk*>(shared_memory(sizeof(Desk)));
        worker.error = memfd_create("worker", MFD_CLOEXEC);
        worker.process = fork();
        if (worker.process != 0)
            return;
        std::signal(SIGINT, SIG_IGN); // the coordinator says when it is over
        dup2(worker.error, STDERR_FILENO);
        watch_this_process();
        do_items(plan_, runner_, tally_, *worker.desk);
        _exit(0);
    }

    void bury(const Worker& worker, int how) {
        const Desk& desk = *worker.desk;
        bool came_home = WIFEXITED(how) && WEXITSTATUS(how) == 0;
        if (came_home && !desk.found)
            return;
        Outcome outcome;
        outcome.points = desk.log.points;
        outcome.digest = desk.log.digest;
        outcome.departures = desk.log.list();
        if (came_home) {
            outcome.ending = desk.ending;
            outcome.sentence = desk.sentence;
        } else {
            judge_crash(outcome, how, text_of(worker.error));
            lower(tally_.found_item, desk.item);
            tally_.schedules++;
        }
        if (!failure_ || desk.item < item_) { // (1)
            failure_ = outcome;
            item_ = desk.item;
        }
    }

    Plan& plan_;
    Runner& runner_;
    Tally& tally_;
    std::vector<Worker> workers_;
    std::optional<Outcome> failure_;
    u64 item_ = none;
};

} // namespace

Found search(Plan& plan, Runner& runner, const Limits& limits, const Progress& progress) {
    Clock::time_point start = Clock::now();
    Workers workers(plan, runner, limits.workers, limits.schedules);
    Found found;
    for (unsigned looks = 0; workers.look(); looks++) {
        poll(nullptr, 0, look_every_ms);
        found.seconds = since(start);
        if (interrupted != 0 || (limits.seconds > 0 && found.seconds > limits.seconds))
            workers.end();
        workers.fill_in(found);
        if (progress && looks % 5 == 4)
            progress(found, std::min<u64>(workers.tally().next_item, plan.items()), plan.items());
    }
    workers.fill_in(found);
    found.seconds = since(start);
    found.cancelled = interrupted != 0;
    return found;
}

void cancel_on_interrupt() {
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool is_cancelled() {
    return interrupted != 0;
}

} // namespace explore
