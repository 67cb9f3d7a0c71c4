// SPDX-License-Identifier: BSD-2-Clause
// The shell and the race finder: its commands, the found run on the stage, and the way back.
#include "view/shell.hpp"

#include <utility>

namespace view {

void Shell::add_finder_commands() {
    const char* menu = "Machine";
    auto can_search = [this] {
        const session::SearchState* search = source_.search();
        return search != nullptr && !search->active()
               && stage_.house().status().phase != session::Phase::building;
    };
    auto searches = [this] { return source_.search() != nullptr && source_.search()->active(); };
    auto shows_found = [this] { return source_.finding() != nullptr; };
    auto found = [this] {
        return stage_.shows_found()
               || (source_.search() != nullptr
                   && source_.search()->phase == session::SearchState::Phase::found);
    };
    commands_.add({"find-race",
                   menu,
                   "Find the race",
                   {{'f', true}},
                   [this] {
                       source_.find(finder_pane_.wish(source_));
                       wanted_tab_ = "Race finder";
                       if (layout_ != Layout::all)
                           layout_ = Layout::finder;
                   },
                   can_search});
    commands_.add({"cancel-find",
                   menu,
                   "Cancel the search",
                   {},
                   [this] { source_.cancel_find(); },
                   searches});
    commands_.add({"show-found",
                   menu,
                   "Show the found run, or go back",
                   {{'f'}},
                   [this] { wants_toggle_ = true; },
                   found});
    commands_.add({"play-found",
                   menu,
                   "Play the found run",
                   {},
                   [this] {
                       playback_.seek(playback_.setup_length());
                       playback_.run();
                   },
                   shows_found});
    commands_.add({"to-failure",
                   menu,
                   "Go to the failure",
                   {},
                   [this] {
                       if (const load::Finding* finding = source_.finding())
                           playback_.seek(failing_event(source_.store(), *finding) + 1);
                   },
                   shows_found});
}

/// Another store is on the stage.
void Shell::forget_store() {
    auto scale = timeline_.axis().scale();
    timeline_ = {};
    timeline_.set_scale(scale);
    statistics_ = {};
    narration_ = {};
    inspector_ = {};
    console_ = {};
    selection_ = {};
    machine_.settle();
}

void Shell::toggle_found() {
    if (stage_.shows_found()) {
        stage_.back();
        forget_store();
        playback_.open(live_shown_);
        return;
    }
    if (source_.search() == nullptr || source_.search()->trace.empty())
        return;
    playback_.pause();
    live_shown_ = playback_.shown();
    stage_.show(source_.search()->trace);
    forget_store();
    playback_.open(0);
    goes_to_failure_ = true;
    if (layout_ != Layout::machine)
        layout_ = Layout::all;
    wanted_tab_ = "Timeline";
}

/// What the race finder's news mean for what is shown.
void Shell::follow_search() {
    const session::SearchState* search = source_.search();
    if (search == nullptr)
        return;
    bool is_found = search->phase == session::SearchState::Phase::found;
    if (std::exchange(wants_toggle_, false))
        toggle_found();
    if (stage_.shows_found() && !is_found) // another one is under way, or the handler is another
        toggle_found();
    if (goes_to_failure_ && !stage_.read_on()) {
        goes_to_failure_ = false;
        commands_.run("to-failure");
    }
    bool building = search->phase == session::SearchState::Phase::building;
    if (was_building_finder_ && search->build_failed && lab_pane_.has_lab()) {
        wanted_tab_ = "Lab"; // which has the compiler's remarks
        if (layout_ == Layout::finder)
            layout_ = Layout::lab;
    }
    was_building_finder_ = building;
}

} // namespace view
