// SPDX-License-Identifier: BSD-2-Clause
// Scenarios: workloads with a story and a verdict.
//
// Each is one function, run by an ordinary LWP called "scenario", that starts what it needs, says
// in phases what is going on, checks what it promises, and returns. Then the kernel prints the
// verdict and ends with a status that says whether every check passed.
//
//   scenario::phase("a handler blocks on its victim's mutex");
//   scenario::check("every byte arrived", received == sent, received);
//   scenario::expect("the handler spun, it did not block", blocked == 0, blocked);
//
// There are two kinds of promises. check() is for what holds in every order of events: what is
// lost, doubled, seen too early, how many there are in the end. If it depends on something that
// comes late, wait for that first. expect() is for what is true of a machine that nobody steers:
// how long something takes, which of two things is sooner, what a tick in the wrong place would
// change. It counts wherever the machine goes its own way, so in QEMU and on a board; under the
// race finder, which takes the machine's part, it says nothing and is left out. A scenario must
// have check()s worth searching for, or the search only looks for panics.
//
// Rules
//   - Everything that varies comes from the seed, through Random: the same seed, the same story.
//   - phase(), check() and expect(): any context. Their texts are literals.
// Read next: tour.cpp
#pragma once

#include "arch/machine.hpp"
#include "lib/types.hpp"

#include <array>
#include <span>
#include <string_view>

namespace scenario {

/// The names there are.
[[nodiscard]] std::span<const char* const> names();

/// Spawns the scenario's LWP, which ends in hart::shut_down(). `name` is one of names(), `play` one
/// of the cases that this scenario knows, or "all".
void start(std::string_view name, std::string_view play, u64 seed);

/// Boot parameter `case`: which part of itself the scenario is asked for.
[[nodiscard]] std::string_view chosen_case();

/// There is no case of that name: says which there are besides "all", and ends the run with
/// arch::refused_status.
void refuse_case(std::span<const char* const> known, const char* remark = "");
/// Of a table of cases.
template <class Case, usize count>
constexpr std::array<const char*, count> names_of(const Case (&cases)[count]) {
    std::array<const char*, count> names{};
    for (usize i = 0; i < count; i++)
        names[i] = cases[i].name;
    return names;
}

/// A chapter begins.
void phase(const char* text);
/// A promise is kept or broken; `value` is what was seen. One broken promise fails the verdict.
void check(const char* text, bool passed, u64 value = 0);
/// The same, of times and likelihoods: not where the order of events is somebody's choice.
inline void expect(const char* text, bool passed, u64 value = 0) {
    if constexpr (!arch::order_is_chosen)
        check(text, passed, value);
}

/// How often to do what is much the same each time: as often as `usual`, but only `searched` times
/// where each repetition multiplies the orders that there are.
template <class T> constexpr T times(T usual, T searched) {
    return arch::order_is_chosen ? searched : usual;
}

/// Work that takes time, where work does, and that nobody sees.
inline void compute(u64 loops) {
    for (u64 i = 0; i < loops; i++)
        asm volatile("" ::"r"(i));
}

/// xorshift64*: numbers that depend on the seed and on how many were drawn, on nothing else.
class Random {
public:
    explicit Random(u64 stream);
    u64 next();
    /// 0 … bound - 1.
    u64 below(u64 bound) { return (next() >> 16) % bound; }

private:
    u64 state_;
};

// The workloads, each in a file of its own.
void tour();
void block();
void selftest();
void stress();
void spl();
void runout();
void halves();
void bench();
void flood();
void race();
void forbidden();
void inversion();
void biglock();
void callouts();
void play_resetit();
void teardown();
void timedwait();

} // namespace scenario
