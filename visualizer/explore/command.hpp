// SPDX-License-Identifier: BSD-2-Clause
// What a person can ask of the race finder: find, make one run, and replay.
#pragma once

#include "explore/pruning.hpp"

#include <filesystem>
#include <optional>

namespace explore {

constexpr u64 usual_budget = 100'000;

constexpr int status_nothing = 0;
constexpr int status_found = 1;
// 2: session::status_refused (session/command_line.hpp)
constexpr int status_outdated = 3;
constexpr int status_cancelled = 130;

struct Wish {
    Subject subject;
    std::string scenario = "tour", play, mutation;
    std::vector<std::string> parameters;
    std::string strategy = "random";
    std::optional<u64> budget; // schedules; else usual_budget, or all there are (exhaustive)
    double seconds = 0;
    u64 first = 1;
    unsigned depth = 3;
    unsigned bound = 2;
    Pruning pruning = Pruning::sound;
    unsigned workers = 2;
    std::filesystem::path out;
    std::filesystem::path replay;
    bool once = false;
    bool quiet = false;
    int notices = -1; // a descriptor for them (notices.hpp)
};

/// Searches, and shows what it found. The exit status of main.cpp.
[[nodiscard]] int find(Wish wish);
/// Makes the run without departures, and writes its trace.
[[nodiscard]] int run_once(Wish wish);
/// Runs a schedule again, and writes its trace.
[[nodiscard]] int replay(const Wish& wish);

} // namespace explore
