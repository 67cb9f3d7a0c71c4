// SPDX-License-Identifier: BSD-2-Clause
#include "explore/watchdog.hpp"

#include "arch/host/simulation.hpp"

#include <csignal>
#include <cstring>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

namespace explore {

namespace {

constexpr int seconds_at_a_point = 1;
constexpr u64 events_at_a_point = 50'000;
constexpr int exit_status = 99;

bool watched = false;
u64 runs = 0;
u64 run_then = 0, step_then = 0; // when the clock struck last
u64 step_of_event = 0, events = 0;

[[noreturn]] void give_up() {
    // Only what is safe in a signal's handler.
    char sentence[] = "endless loop: hart 0 runs on and comes to no choice point any more\n";
    *std::strchr(sentence, '0') = static_cast<char>('0' + arch::host::running_hart());
    if (write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0)
        _exit(exit_status + 1);
    _exit(exit_status);
}

void strike(int) {
    u64 step = arch::host::steps_made();
    if (runs == run_then && step == step_then)
        give_up();
    run_then = runs;
    step_then = step;
}

} // namespace

void watch_this_process() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    watched = true;
    run_then = 0;
    // A kernel's stacks have no room for a handler.
    static char room[1 << 16];
    stack_t stack{};
    stack.ss_sp = room;
    stack.ss_size = sizeof room;
    sigaltstack(&stack, nullptr);
    struct sigaction action = {};
    action.sa_handler = strike;
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGVTALRM, &action, nullptr);
    timeval period{seconds_at_a_point, 0};
    itimerval timer{period, period};
    setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

void watch_run() {
    runs++;
    events = 0;
}

void watch_event() {
    u64 step = arch::host::steps_made();
    events = step == step_of_event ? events + 1 : 0;
    step_of_event = step;
    if (watched && events > events_at_a_point)
        give_up();
}

} // namespace explore
