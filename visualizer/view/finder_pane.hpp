// SPDX-License-Identifier: BSD-2-Clause
// The race finder's pane: one row of what a person can choose, how far the search is, and what
// came of it. And the bar above the machine while a run is shown that it found.
//
//   Find the race   strategy random ▾   schedules 100 000 ▾   harts 2 ▾
//   ██████████░░░░░░░░░░  48 212 schedules · 7 465 a second · about 7 s left
//
// Read next: stage.hpp, session/finder.hpp
#pragma once

#include "view/context.hpp"

namespace view {

class FinderPane {
public:
    void draw(Context& context);
    /// What is chosen.
    [[nodiscard]] session::SearchWish wish(const Source& source) const;

private:
    void draw_choices(Context& context, const session::SearchState& search);
    void draw_progress(const Context& context, const session::SearchState& search) const;
    void draw_result(Context& context, const session::SearchState& search) const;
    void draw_nothing(const Context& context, const session::SearchState& search) const;

    std::optional<session::SearchWish> wish_; // else what is usual
    bool harts_chosen_ = false;               // else as many as usual
};

/// The event that a found run failed with: the panic, report or broken check, else the last one.
[[nodiscard]] usize failing_event(const model::Store& store, const load::Finding& finding);
/// The events that are departures of the race finder, some of the first.
[[nodiscard]] std::vector<usize> departures_in(const model::Store& store);
/// "hart 0, sleeper": who made the event.
[[nodiscard]] std::string who_made(const Context& context, usize event);

/// Above the machine: what fails, how it was found, the ways to look at it, and the way back.
void draw_found_bar(Context& context, const load::Finding& finding);

} // namespace view
