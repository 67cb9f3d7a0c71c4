// SPDX-License-Identifier: BSD-2-Clause
#include "scenario/scenario.hpp"

#include "hart/panic.hpp"
#include "hart/print.hpp"
#include "lab/lab.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace scenario {

namespace {

constexpr const char* all_names[] = {"tour",     "block",     "bench",     "flood",     "race",
                                     "selftest", "stress",    "forbidden", "inversion", "biglock",
                                     "spl",      "runout",    "halves",    "callouts",  "resetit",
                                     "teardown", "timedwait", "lab"};
constexpr void (*all_functions[])() = {
    tour,    block, bench,  flood,  race,     selftest,     stress,   forbidden, inversion,
    biglock, spl,   runout, halves, callouts, play_resetit, teardown, timedwait, lab::start};
static_assert(std::size(all_names) == std::size(all_functions));

const char* chosen_name = nullptr;
void (*chosen)() = nullptr;
constinit std::string_view chosen_play;
u64 chosen_seed = 0;
constinit hart::Cell<u32> checks, broken;

[[noreturn]] void give_verdict() {
    bool passed = broken.peek() == 0;
    trace::record(trace::Verdict{.text = trace::text(passed ? "passed" : "failed"),
                                 .passed = passed ? 1u : 0u});
    lib::Line line;
    line.add(chosen_name, ": ", passed ? "passed" : "FAILED", ", ", checks.peek(), " checks");
    if (!passed)
        line.add(", ", broken.peek(), " broken");
    hart::print(line);
    hart::shut_down(passed ? 0 : 1);
}

void run(void*) {
    arch::workload_begins();
    chosen();
    give_verdict();
}

} // namespace

std::span<const char* const> names() {
    return all_names;
}

void start(std::string_view name, std::string_view play, u64 seed) {
    for (usize i = 0; i < std::size(all_names); i++) {
        if (name == all_names[i]) {
            chosen_name = all_names[i];
            chosen = all_functions[i];
        }
    }
    ASSERT(chosen != nullptr);

    chosen_play = play;
    chosen_seed = seed;
    sched::spawn({.name = "scenario"}, run, nullptr);
}

std::string_view chosen_case() {
    return chosen_play;
}

void refuse_case(std::span<const char* const> known, const char* remark) {
    auto say = [](auto... words) { // a piece of one line, of which a lib::Line may not hold all
        lib::Line piece;
        piece.add(words...);
        arch::console_write(piece.text(), piece.size());
    };
    say("scenario ", chosen_name, " has no such case, only all");
    for (const char* name : known)
        say(", ", name);
    say(remark, "\n");
    hart::shut_down(arch::refused_status);
}

void phase(const char* text) {
    trace::record(trace::Phase{.text = trace::text(text)});
}

void check(const char* text, bool passed, u64 value) {
    trace::record(
        trace::Check{.text = trace::text(text), .passed = passed ? 1u : 0u, .value = value});
    checks.add(1);
    if (passed)
        return;
    broken.add(1);
    lib::Line line;
    line.add("check failed: ", text, " (", value, ")");
    hart::print(line);
}

Random::Random(u64 stream)
    : state_((chosen_seed + 1) * 0x9e3779b97f4a7c15 ^ (stream + 1) << 32) {
    if (state_ == 0)
        state_ = 1;
    for (int warm_up = 0; warm_up < 4; warm_up++)
        next();
}

u64 Random::next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1d;
}

} // namespace scenario
