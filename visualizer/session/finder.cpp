// SPDX-License-Identifier: BSD-2-Clause
#include "session/finder.hpp"

#include "session/explain.hpp"

#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <unistd.h>

namespace session {

namespace {

using Phase = SearchState::Phase;

constexpr int status_nothing = 0;       // visualizer/explore/command.hpp
constexpr usize most_notices = 1 << 20; // bytes in one poll

/// Of what there is a proof: the whole search with so many departures.
std::string promise(unsigned bound) {
    return fmt::format("No run with at most {} departure{} fails, of those that the simulated "
                       "machine can make.",
                       bound, bound == 1 ? "" : "s");
}

} // namespace

std::string meaning_of_nothing(const SearchState& state) {
    if (!state.wish.is_exhaustive())
        return "That is evidence, not proof: a failing order may be rarer, or need more harts. And "
               "what no assertion, checker or rule of the lab looks at is not seen at all.";
    if (state.complete)
        return promise(state.bound);
    std::string rest =
        fmt::format("Of those with at most {} it has looked at {} only, for the budget is used up.",
                    state.bound, state.of_bound);
    return state.bound == 0 ? rest : promise(state.bound - 1) + " " + rest;
}

void Finder::start(const SearchWish& wish, SearchProgram program) {
    forget();
    state_.wish = wish;
    program_ = std::move(program);
    if (program_.build_command.empty())
        return search();
    state_.phase = Phase::building;
    try {
        child_ = std::make_unique<Child>(
            std::vector<std::string>{"/bin/sh", "-c", program_.build_command});
    } catch (const std::exception& error) {
        fail(error.what());
    }
}

void Finder::search() {
    const SearchWish& wish = state_.wish;
    state_.phase = Phase::searching;
    state_.output.clear();
    unread_.clear();
    try {
        Pipe pipe = make_pipe();
        std::vector<std::string> command{program_.program.string()};
        command.insert(command.end(), program_.arguments.begin(), program_.arguments.end());
        for (std::string word :
             {fmt::format("--harts={}", wish.harts), fmt::format("--strategy={}", wish.strategy),
              fmt::format("--bound={}", wish.bound),
              fmt::format("--notices={}", pipe.write.number())})
            command.push_back(std::move(word));
        if (std::optional<u64> most = wish.most_schedules())
            command.push_back(fmt::format("--budget={}", *most));
        child_ = std::make_unique<Child>(command, std::vector<int>{pipe.write.number()});
        fcntl(pipe.read.number(), F_SETFL, O_NONBLOCK);
        notices_ = std::move(pipe.read);
    } catch (const NotFound&) {
        fail(fmt::format("{} is not built: `make explore` builds it", program_.program.string()));
    } catch (const std::exception& error) {
        fail(error.what());
    }
}

void Finder::cancel() {
    if (!state_.active())
        return;
    bool built = state_.phase != Phase::building;
    child_.reset();
    notices_.close();
    state_.phase = Phase::none;
    state_.message = built ? fmt::format("cancelled after {} schedules", state_.schedules)
                           : "cancelled before it began";
}

void Finder::forget() {
    child_.reset();
    notices_.close();
    state_ = {};
}

void Finder::fail(std::string sentence) {
    child_.reset();
    notices_.close();
    state_.phase = Phase::failed;
    state_.message = std::move(sentence);
}

// ---- what has come up

bool Finder::poll() {
    if (child_ == nullptr)
        return false;
    return state_.phase == Phase::building ? poll_build() : poll_search();
}

bool Finder::poll_build() {
    std::optional<Child::End> end = child_->poll();
    if (!end)
        return false;
    state_.output = child_->output();
    if (end->status == 0) {
        search();
        return true;
    }
    state_.build_failed = true;
    fail("the build failed: " + first_error(state_.output));
    return true;
}

bool Finder::poll_search() {
    std::optional<Child::End> ended = child_->poll();
    u64 schedules = state_.schedules;
    Phase phase = state_.phase;
    read_notices();
    if (ended)
        end(*ended);
    else
        (void)child_->output(); // taken from the pipe, so that it never waits for us
    return state_.schedules != schedules || state_.phase != phase;
}

void Finder::end(Child::End end) {
    state_.output = child_->output();
    child_.reset();
    notices_.close();
    if (!state_.trace.empty()) {
        state_.phase = Phase::found;
    } else if (end.signal != 0) {
        fail(fmt::format("the race finder was killed by signal {} ({}) after {} schedules; until "
                         "then it had found nothing",
                         end.signal, strsignal(end.signal), state_.schedules));
    } else if (end.status != status_nothing || state_.phase != Phase::nothing) {
        std::string said = first_error(state_.output);
        if (usize at = said.find("explore: "); at == 0)
            said.erase(0, std::strlen("explore: "));
        fail(fmt::format("the race finder ended with status {}{}{}", end.status,
                         said.empty() ? "" : ": ", said));
    }
}

void Finder::add_sources(std::vector<int>& sources) const {
    if (child_ != nullptr)
        sources.insert(sources.end(), {child_->ended(), child_->output_ready(), notices_.number()});
}

// ---- notices

void Finder::read_notices() {
    char block[4096];
    for (usize taken = 0; taken < most_notices;) {
        ssize_t got = notices_.open() ? read(notices_.number(), block, sizeof block) : 0;
        if (got == 0)
            notices_.close();
        if (got <= 0)
            return;
        taken += static_cast<usize>(got);
        unread_.append(block, static_cast<usize>(got));
        usize begin = 0;
        for (usize end; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1)
            take(unread_.substr(begin, end - begin));
        unread_.erase(0, begin);
    }
}

void Finder::take(const std::string& notice) {
    usize space = notice.find(' ');
    std::string what = notice.substr(0, space);
    std::string rest = space == std::string::npos ? "" : notice.substr(space + 1);
    std::istringstream numbers(rest);
    if (what == "usual") {
        numbers >> state_.points;
    } else if (what == "progress") {
        numbers >> state_.schedules >> state_.seconds >> state_.begun >> state_.items
            >> state_.bound;
    } else if (what == "shortening") {
        state_.phase = Phase::shortening;
    } else if (what == "failure") {
        state_.failure = rest;
    } else if (what == "caption") {
        state_.caption = rest;
    } else if (what == "departure") {
        state_.departures.push_back(rest);
    } else if (what == "schedule") {
        state_.schedule = rest;
    } else if (what == "trace") {
        state_.trace = rest;
    } else if (what == "nothing") {
        numbers >> state_.schedules >> state_.seconds >> state_.complete >> state_.bound
            >> state_.of_bound;
        state_.phase = Phase::nothing;
    }
}

} // namespace session
