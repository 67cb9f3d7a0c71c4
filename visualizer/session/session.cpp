// SPDX-License-Identifier: BSD-2-Clause
#include "session/parts.hpp"

#include "session/explain.hpp"

#include <optional>
#include <utility>

namespace session {
namespace {
using Clock = Pace::Clock;
using std::chrono::milliseconds;

constexpr auto patience = milliseconds(2000); // with a guest that emits nothing
constexpr auto busy_time = milliseconds(8);   // of one poll, while stepping until something
} // namespace

void Session::Parts::fail(const std::string& sentence) {
    status.phase = Phase::failed;
    status.message = sentence;
}

void Session::Parts::begin(u64 stop_after) {
    run.reset();
    store = model::Store();
    console.clear();
    wanted = nullptr;
    looked_at = 0;
    typed = false;
    Status before = std::exchange(status, Status());
    status.build_output = std::move(before.build_output);
    status.grade_output = std::move(before.grade_output);
    pace.set_goal(std::max<u64>(stop_after, 1));
    pace.restart(0, Clock::now());
    last_event = Clock::now();
    try {
        u64 granted = pace.allowed(0, Clock::now());
        run = std::make_unique<Run>(options, !gate_refused, granted, store);
        status.phase = Phase::running;
        if (gate() == nullptr && !options.live)
            status.message = "stops are not exact: " + missing_gate(gate_refused);
    } catch (const NotFound&) {
        fail(options.qemu + " not found: run `make deps`");
    } catch (const std::exception& error) {
        fail(error.what());
    }
    update_status();
}

void Session::Parts::update_status() {
    status.grading = grade != nullptr;
    status.exact = gate() != nullptr;
    status.repeatable = gate() != nullptr && !typed;
    if (run != nullptr) {
        status.record = run->directory();
        status.recording_error = run->recording_error();
    }
}

// ---- going and stopping

void Session::Parts::go_on(u64 goal) {
    if (!under_way() || status.phase == Phase::building)
        return;
    pace.set_goal(goal);
    pace.restart(happened(), Clock::now());
    last_event = Clock::now();
    bool was_paused = status.phase == Phase::paused;
    status.phase = Phase::running;
    status.message.clear();
    if (was_paused)
        release();
}

void Session::Parts::hold_back() {
    status.phase = Phase::paused;
    status.message.clear();
    wanted = nullptr;
    if (gate() == nullptr)
        run->machine().freeze();
}

void Session::Parts::release() {
    if (gate() == nullptr)
        run->machine().thaw();
    else
        on_progress(true);
}

// Looks at what is new; pauses if that was it.
bool Session::Parts::look_for_wanted() {
    while (wanted && looked_at < store.size()) {
        if (wanted(store.event(looked_at++))) {
            hold_back();
            return true;
        }
    }
    looked_at = store.size();
    return false;
}

// The machine has used up its credit, or new events are there: give more, or stop. True if the
// machine goes on, so that it is worth waiting for the next event.
bool Session::Parts::on_progress(bool held) {
    if (status.phase != Phase::running || look_for_wanted())
        return false;
    Gatekeeper* keeper = gate();
    if (keeper == nullptr) {
        if (store.size() >= pace.goal())
            hold_back();
        return false;
    }
    if (held && keeper->hits() >= pace.goal()) {
        hold_back();
        return false;
    }
    u64 allowed = pace.allowed(keeper->hits(), Clock::now());
    if (wanted) // one by one; a grant that is nearly used up stays, it must not be extended unseen
        allowed = held || keeper->granted() > keeper->hits() + 1
                      ? std::min(allowed, keeper->hits() + 1)
                      : keeper->granted();
    keeper->grant(allowed);
    return keeper->hits() < allowed;
}

// ---- what has come up

// True if events or console output came.
bool Session::Parts::take_in(bool held) {
    usize before = store.size();
    bool changed = false;
    if (held && before < gate()->hits()) {
        gate()->acknowledge();
        run->collect_all();
    } else {
        changed = run->collect();
    }
    if (store.size() == before)
        return changed;
    last_event = Clock::now();
    return true;
}

bool Session::Parts::poll_run() {
    auto end_of_work = Clock::now() + busy_time;
    Phase phase = status.phase;
    // Asked once: what is decided below must rest on what was taken in.
    bool held = gate() != nullptr && gate()->held();
    bool changed = take_in(held);
    while (on_progress(held) && wanted && Clock::now() < end_of_work) {
        wait_for({gate()->notify(), run->machine().process().ended()}, 1);
        held = gate()->held();
        changed |= take_in(held);
    }
    if (std::optional<Child::End> end = run->machine().process().poll()) {
        on_end(*end);
        return true;
    }
    watch_patience();
    return changed || status.phase != phase;
}

void Session::Parts::watch_patience() {
    if (status.phase != Phase::running || gate() == nullptr || gate()->held())
        return;
    if (Clock::now() - last_event > patience && status.message.empty())
        status.message = "the kernel has recorded no event for a while: a handler may be in an "
                         "endless loop (pause comes after the next event; restart always works)";
}

void Session::Parts::on_end(Child::End end) {
    std::string output = run->machine().process().output();
    if (store.empty() && end.signal == 0 && retry_without_gate(output))
        return;
    run->finish();
    console = run->console();
    bool by_itself = end.signal == 0 && !qemu_complained(output);
    status.phase = by_itself ? Phase::ended : Phase::failed;
    status.exit_status = end.status;
    status.message = by_itself ? explain_end(end.status, store, console, run->foreign())
                               : explain_death(end.signal, output, run->directory());
    update_status();
}

bool Session::Parts::retry_without_gate(const std::string& output) {
    if (gate() == nullptr || !refused_plugin(output))
        return false;
    gate_refused = true;
    begin(pace.goal());
    return true;
}

void Session::Parts::wait(unsigned wait_ms) {
    if (wait_ms == 0)
        return;
    std::vector<int> sources = {watch.ready()};
    if (build != nullptr)
        sources.insert(sources.end(), {build->ended(), build->output_ready()});
    if (grade != nullptr)
        sources.insert(sources.end(), {grade->ended(), grade->output_ready()});
    finder.add_sources(sources);
    if (status.phase == Phase::running || status.phase == Phase::paused)
        run->machine().add_sources(sources);
    constexpr unsigned file_interval = 4; // nothing tells that the file of events has grown
    if (status.phase == Phase::running)
        wait_ms = std::min(wait_ms, file_interval);
    wait_for(sources, wait_ms);
}

// ---- the interface

Session::Session()
    : parts_(std::make_unique<Parts>()) {}

Session::~Session() = default;

void Session::start(const Options& options, u64 stop_after) {
    parts_->options = options;
    parts_->gate_refused = false;
    parts_->build.reset();
    parts_->status.build_output.clear();
    parts_->forget_results();
    parts_->watch = FileWatch(options.watch);
    parts_->begin(stop_after);
}

void Session::restart(u64 stop_after) {
    parts_->build.reset();
    parts_->finder.cancel();
    parts_->begin(stop_after);
}

void Session::stop() {
    Parts& parts = *parts_;
    parts.finder.cancel();
    if (parts.build != nullptr) {
        parts.build.reset();
        parts.status.phase = parts.before_build;
        parts.status.message = "the build was cancelled";
        return;
    }
    if (parts.run != nullptr) {
        parts.run->finish();
        parts.console = parts.run->console();
        parts.update_status();
    }
    parts.run.reset();
    parts.status.phase = Phase::idle;
    parts.status.message.clear();
}

void Session::run() {
    parts_->wanted = nullptr;
    parts_->go_on(Pace::never);
}

void Session::pause() {
    Parts& parts = *parts_;
    if (parts.status.phase != Phase::running)
        return;
    parts.pace.set_goal(0);
    parts.wanted = nullptr;
    if (parts.gate() != nullptr)
        parts.gate()->grant(0);
}

void Session::step(u64 events) {
    parts_->wanted = nullptr;
    parts_->go_on(parts_->happened() + events);
}

void Session::step_until(std::function<bool(const model::Event&)> matches) {
    parts_->looked_at = parts_->store.size();
    parts_->wanted = std::move(matches);
    parts_->go_on(Pace::never);
}

void Session::set_rate(double events_per_second) {
    parts_->pace.set_rate(events_per_second, parts_->happened(), Clock::now());
}

bool Session::poll(unsigned wait_ms) {
    Parts& parts = *parts_;
    parts.wait(wait_ms);
    bool changed = parts.poll_build();
    changed |= parts.poll_grade();
    changed |= parts.poll_finder();
    if (parts.watch.saved()) {
        bool paused = parts.status.phase == Phase::paused;
        rebuild(paused ? parts.store.size() : Pace::never);
        changed = true;
    }
    if (parts.under_way())
        changed |= parts.poll_run();
    parts.update_status();
    return changed;
}

const Status& Session::status() const {
    return parts_->status;
}
const Options& Session::options() const {
    return parts_->options;
}
model::Store& Session::store() {
    return parts_->store;
}
const std::string& Session::console() const {
    return parts_->run != nullptr ? parts_->run->console() : parts_->console;
}

void Session::type(const std::string& text) {
    if (!parts_->under_way())
        return;
    parts_->typed = true;
    parts_->run->machine().type(text);
}

} // namespace session
