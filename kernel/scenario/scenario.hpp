// SPDX-License-Identifier: BSD-2-Clause
// Scenarios: workloads with a story and a verdict.
//
// Each is one function, run by an ordinary LWP called "scenario", that starts what it needs, says
// in phases what is going on, checks what it promises, and returns. Then the kernel prints the
// verdict and ends with a status that says whether every check passed.
//
//   scenario::phase("a handler blocks on its victim's mutex");
//   scenario::check("every byte arrived", received == sent, received);
//
// Rules
//   - Everything that varies comes from the seed, through Random: the same seed, the same story.
//   - phase() and check(): any context. Their texts are literals.
// Read next: tour.cpp
#pragma once

#include "lib/types.hpp"

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

/// There is no case of that name: says which there are, and ends the run with a failing status.
void refuse_case(const char* known);

/// A chapter begins.
void phase(const char* text);
/// A promise is kept or broken; `value` is what was seen. One broken promise fails the verdict.
void check(const char* text, bool passed, u64 value = 0);

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
