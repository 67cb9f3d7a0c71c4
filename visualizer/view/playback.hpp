// SPDX-License-Identifier: BSD-2-Clause
// The cursor: how many events the picture shows, and how it and the machine move.
//
//            recorded so far
//   0 ─────────────┬──────────────┐ store.size()
//                shown         the machine stands (or runs) here
//
// Following: the picture shows the newest event and the machine is where the picture is. Run, rate
// and steps go to the machine. In the past: the person has gone back; the machine, if it ran, is
// paused and waits. Stepping and playing then move the picture only, up to the newest event, and
// from there on the machine again.
//
// What happens before the scenario's first Phase is set-up: names, LWPs, locks. It is not worth
// the pace of a story, so a run from the beginning passes over it as fast as it goes and stands, or
// goes on, right after that Phase. Steps pass over nothing, nor does a machine that cannot stop
// exactly.
//
// Rules
//   - advance() once per frame, after Source::poll().
// Invariants
//   (1) shown() <= store.size().
//   (2) While in_past() and a machine is there, nobody lets it run.
// Read next: source.hpp
#pragma once

#include "view/source.hpp"

namespace view {

/// What a step leads to.
enum class Stop : u8 { event, interrupt, sched_switch };

class Playback {
public:
    /// Events per second; 0: as fast as it goes.
    static constexpr double rates[] = {0.5, 1, 2, 4, 10, 30, 100, 1000, 10000, 0};
    static constexpr int rate_count = static_cast<int>(std::size(rates));

    explicit Playback(Source& source)
        : source_(source) {}

    [[nodiscard]] usize shown() const { return shown_; }
    [[nodiscard]] bool following() const { return following_; }
    /// Shows an instant before the newest event, because the person went there.
    [[nodiscard]] bool in_past() const;
    /// Something moves by itself: the machine runs or a recording plays.
    [[nodiscard]] bool playing() const;
    [[nodiscard]] int rate_index() const { return rate_; }
    [[nodiscard]] double rate() const { return rates[rate_]; }
    /// "4 events a second", "as fast as it goes".
    [[nodiscard]] static std::string rate_name(int index);

    void run();
    void pause();
    void toggle() { playing() ? pause() : run(); }
    void step(Stop stop);
    void step_back(Stop stop);
    void seek(usize shown);
    /// Back to the newest event, where the machine stands.
    void to_newest();
    void to_start() { seek(0); }
    void restart();
    void rebuild();
    void set_rate(int index);
    /// The source has another store now.
    void open(usize shown);

    /// How many events come before the story: up to and with the first Phase; 0 if there is none
    /// (yet).
    [[nodiscard]] usize setup_length();
    /// The machine is passing over the set-up.
    [[nodiscard]] bool passing_over() const { return passing_over_; }

    /// Moves the picture by the time that has passed; true if it moved or will soon.
    bool advance(double seconds);

    /// Does the event end a step of this kind?
    [[nodiscard]] static bool ends(Stop stop, const model::Event& event);

private:
    void leave_for(usize shown);
    [[nodiscard]] bool machine_runs() const;
    void let_run();
    void pass_over_setup();
    void stop_passing_over();
    void look_after_setup();
    void begin_anew();

    Source& source_;
    usize shown_ = 0;
    double owed_ = 0; // parts of an event, when the rate is less than one per frame
    bool following_ = true;
    bool plays_recording_ = false;
    bool runs_freely_ = true; // nobody has stepped or paused since the machine started
    bool passing_over_ = false;
    usize setup_ = 0, setup_looked_at_ = 0;
    int rate_ = rate_count - 1;
};

} // namespace view
