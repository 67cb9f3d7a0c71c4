// SPDX-License-Identifier: BSD-2-Clause
#include "view/playback.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view {

bool Playback::ends(Stop stop, const model::Event& event) {
    switch (stop) {
    case Stop::event:
        break;
    case Stop::interrupt:
        return event.id()
                   == trace::id_of<trace::IrqEnter> || event.id() == trace::id_of<trace::LineDefer>;
    case Stop::sched_switch:
        return event.id() == trace::id_of<trace::Switch>;
    }
    return true;
}

std::string Playback::rate_name(int index) {
    double rate = rates[std::clamp(index, 0, rate_count - 1)];
    if (rate == 0)
        return "as fast as it goes";
    if (rate < 1)
        return fmt::format("1 event in {:.0f} s", 1 / rate);
    return fmt::format("{:.0f} event{} a second", rate, rate == 1 ? "" : "s");
}

bool Playback::machine_runs() const {
    auto phase = source_.status().phase;
    return phase == session::Phase::running || phase == session::Phase::building;
}

bool Playback::in_past() const {
    return !following_ && shown_ < source_.store().size();
}

bool Playback::playing() const {
    return plays_recording_ || (following_ && source_.has_machine() && machine_runs());
}

usize Playback::setup_length() {
    constexpr usize most = 100'000; // whoever has no Phase by then tells no story
    const model::Store& store = source_.store();
    if (store.newest().phase == trace::TextId::none || setup_looked_at_ > store.size())
        setup_ = setup_looked_at_ = 0;
    if (store.newest().phase == trace::TextId::none)
        return 0;
    for (; setup_ == 0 && setup_looked_at_ < std::min(store.size(), most); setup_looked_at_++)
        if (store.id(setup_looked_at_) == trace::id_of<trace::Phase>)
            setup_ = setup_looked_at_ + 1;
    return setup_;
}

/// The machine goes as fast as it can, event by event, until the first Phase.
void Playback::pass_over_setup() {
    passing_over_ = true;
    source_.set_rate(0);
    source_.step_until(
        [](const model::Event& event) { return event.id() == trace::id_of<trace::Phase>; });
}

void Playback::stop_passing_over() {
    if (!passing_over_)
        return;
    passing_over_ = false;
    source_.set_rate(rate());
}

void Playback::let_run() {
    bool at_setup = source_.store().newest().phase == trace::TextId::none;
    if (runs_freely_ && at_setup && rate() != 0 && source_.status().exact)
        pass_over_setup();
    else
        source_.run();
}

void Playback::run() {
    if (in_past() || !source_.has_machine()) {
        plays_recording_ = shown_ < source_.store().size();
        following_ = false;
        if (shown_ == 0 && rate() != 0)
            shown_ = setup_length();
        return;
    }
    following_ = true;
    let_run();
}

void Playback::pause() {
    stop_passing_over();
    runs_freely_ = false;
    plays_recording_ = false;
    if (machine_runs())
        source_.pause();
}

/// The picture goes to a recorded instant; the machine waits where it is. (2)
void Playback::leave_for(usize shown) {
    if (machine_runs())
        source_.pause();
    stop_passing_over();
    runs_freely_ = false;
    plays_recording_ = false;
    shown_ = std::min(shown, source_.store().size());
    following_ = shown_ == source_.store().size() && source_.has_machine();
    owed_ = 0;
}

void Playback::seek(usize shown) {
    leave_for(shown);
}

void Playback::step(Stop stop) {
    stop_passing_over();
    runs_freely_ = false;
    model::Store& store = source_.store();
    if (!following_ || shown_ < store.size()) {
        usize at = store.find_next(shown_, [&](const model::Event& e) { return ends(stop, e); });
        if (at < store.size()) {
            leave_for(at + 1);
            return;
        }
        if (!source_.has_machine()) {
            leave_for(store.size());
            return;
        }
    }
    to_newest();
    if (stop == Stop::event)
        source_.step(1);
    else
        source_.step_until([stop](const model::Event& event) { return ends(stop, event); });
}

void Playback::step_back(Stop stop) {
    model::Store& store = source_.store();
    if (shown_ == 0)
        return;
    usize at =
        store.find_previous(shown_ - 1, [&](const model::Event& e) { return ends(stop, e); });
    leave_for(at == store.size() ? 0 : at + 1);
}

void Playback::to_newest() {
    plays_recording_ = false;
    shown_ = source_.store().size();
    following_ = true;
    owed_ = 0;
}

void Playback::restart() {
    if (source_.has_machine()) {
        source_.restart();
        begin_anew();
    } else {
        leave_for(0);
    }
}

void Playback::rebuild() {
    source_.rebuild();
    begin_anew();
}

void Playback::open(usize shown) {
    setup_ = setup_looked_at_ = 0;
    stop_passing_over();
    leave_for(shown);
}

void Playback::begin_anew() {
    stop_passing_over();
    runs_freely_ = true;
    to_newest();
}

void Playback::set_rate(int index) {
    rate_ = std::clamp(index, 0, rate_count - 1);
    if (!passing_over_ || rate() == 0)
        source_.set_rate(rate());
}

/// A machine that runs by itself from its beginning; and one that has come to the first Phase.
void Playback::look_after_setup() {
    const model::Store& store = source_.store();
    bool at_setup = store.newest().phase == trace::TextId::none;
    // One that was started to stand still after its first event does so before the second.
    if (!passing_over_ && runs_freely_ && at_setup && rate() != 0 && store.size() > 1 && following_
        && source_.status().exact && source_.status().phase == session::Phase::running)
        pass_over_setup();
    if (passing_over_ && source_.status().phase != session::Phase::running) {
        bool goes_on = source_.status().phase == session::Phase::paused;
        stop_passing_over();
        if (goes_on)
            source_.run();
    }
}

bool Playback::advance(double seconds) {
    look_after_setup();
    usize size = source_.store().size();
    shown_ = std::min(shown_, size); // a restart empties the store
    if (!following_ && !plays_recording_)
        return false;
    if (shown_ == size) {
        if (plays_recording_) { // the recording is over; a machine may go on from here
            plays_recording_ = false;
            if (source_.has_machine()) {
                following_ = true;
                source_.run();
            }
        }
        owed_ = 0;
        return false;
    }
    // An exact machine never runs ahead of the rate, so the picture only evens out its bursts.
    bool machine_paces = following_ && (source_.status().exact || !playing());
    if (rate() == 0 || machine_paces) {
        shown_ = size;
        return true;
    }
    owed_ += rate() * std::min(seconds, 0.5);
    auto whole = static_cast<usize>(owed_);
    owed_ -= static_cast<double>(whole);
    shown_ = std::min(size, shown_ + whole);
    return true;
}

} // namespace view
