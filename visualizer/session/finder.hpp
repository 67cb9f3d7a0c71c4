// SPDX-License-Identifier: BSD-2-Clause
// A race finder under way: builds build/explore… as `make explore` does, runs it, and reads its
// notices (explore/notices.hpp). It goes on beside the machine, and knows nothing of it.
//
//   start() ──▶ building ──▶ searching ──▶ shortening ──▶ found
//                  │             ├───────────────────────▶ nothing
//                  └▶ failed     └▶ failed (killed, refused)        cancel() from everywhere
//
// Rules
//   - What was found stays until start() or forget().
// Invariants
//   (1) After cancel(), start(), forget() or destruction nothing of an earlier search runs: the
//       program is the leader of its group (child.hpp), and its workers end with it.
// Read next: child.hpp, visualizer/explore/README.md
#pragma once

#include "session/child.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace session {

/// What a person can choose.
struct SearchWish {
    std::string strategy = "random"; // pct, exhaustive
    std::optional<u64> budget = {};  // schedules at most; nothing: as many as usual
    unsigned bound = 2;              // departures at most; exhaustive
    unsigned harts = 2;

    [[nodiscard]] bool is_exhaustive() const { return strategy == "exhaustive"; }
    /// Schedules at most; nothing: all there are.
    [[nodiscard]] std::optional<u64> most_schedules() const {
        constexpr u64 usual = 100'000;
        return budget || is_exhaustive() ? budget : usual;
    }
};

/// How to come to a program that searches.
struct SearchProgram {
    std::string build_command;          // empty: it is there
    std::filesystem::path program;      // build/explore-01-first-interrupt
    std::vector<std::string> arguments; // scenario and boot parameters
};

struct SearchState {
    enum class Phase : u8 { none, building, searching, shortening, found, nothing, failed };
    Phase phase = Phase::none;
    SearchWish wish;
    std::string message; // why it failed, or that it was cancelled; a sentence
    std::string output;  // what the build, or else the program, said
    bool build_failed = false;

    u64 points = 0; // choice points of the run without departures
    u64 schedules = 0;
    double seconds = 0;
    u64 begun = 0, items = 0; // parts of the plan
    unsigned bound = 0;       // exhaustive: departures in the schedules that it looks at now
    bool complete = false;    // nothing: the whole plan was done
    u64 of_bound = 0;         // nothing, exhaustive: schedules with at most `bound` departures

    std::string failure, caption;
    std::vector<std::string> departures; // in words
    std::filesystem::path trace, schedule;

    [[nodiscard]] bool active() const {
        return phase == Phase::building || phase == Phase::searching || phase == Phase::shortening;
    }
    [[nodiscard]] double rate() const {
        return seconds > 0 ? static_cast<double>(schedules) / seconds : 0;
    }
    /// Of the plan; 0 … 1.
    [[nodiscard]] float share() const {
        return items == 0
                   ? 0.0f
                   : static_cast<float>(static_cast<double>(begun) / static_cast<double>(items));
    }
};

/// What it means that nothing was found: one or two sentences.
[[nodiscard]] std::string meaning_of_nothing(const SearchState& state);

class Finder {
public:
    void start(const SearchWish& wish, SearchProgram program);
    /// At once. What it had found so far is not known.
    void cancel();
    void forget();

    /// Reads what has come; true if the state has changed.
    bool poll();
    void add_sources(std::vector<int>& sources) const;

    [[nodiscard]] const SearchState& state() const { return state_; }

private:
    void search();
    bool poll_build();
    bool poll_search();
    void read_notices();
    void take(const std::string& notice);
    void end(Child::End end);
    void fail(std::string sentence);

    SearchState state_;
    SearchProgram program_;
    std::unique_ptr<Child> child_;
    Descriptor notices_;
    std::string unread_; // the beginning of a notice
};

} // namespace session
