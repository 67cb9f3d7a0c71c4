// SPDX-License-Identifier: BSD-2-Clause
// What stands behind the window: a run of the real machine, or a recorded trace.
//
// Views and Playback know only this. A recording cannot go on past its end, so has_machine() is
// false and the calls that move a machine do nothing.
// Read next: playback.hpp
#pragma once

#include "load/manifest.hpp"
#include "session/session.hpp"

#include <functional>
#include <string>

namespace view {

class Source {
public:
    using Matches = std::function<bool(const model::Event&)>;

    virtual ~Source() = default;
    [[nodiscard]] virtual model::Store& store() = 0;
    /// True if there is a machine that can be moved.
    [[nodiscard]] virtual bool has_machine() const { return false; }
    [[nodiscard]] virtual session::Status status() const { return {}; }
    /// "scenario tour · 1 hart · seed 1", or where the recording came from.
    [[nodiscard]] virtual std::string title() const = 0;

    /// Does what has come up; true if there is something new to draw.
    virtual bool poll(unsigned /*wait_ms*/) { return false; }
    virtual void run() {}
    virtual void pause() {}
    virtual void step(u64 /*events*/) {}
    virtual void step_until(const Matches& /*matches*/) {}
    virtual void set_rate(double /*events_per_second*/) {}
    virtual void restart() {}
    virtual void rebuild() {}
    virtual void grade() {}
    virtual void stop() {}

    /// What the race finder says of the run that is shown, if it found it.
    [[nodiscard]] virtual const load::Finding* finding() const { return nullptr; }
    /// The search beside the machine; nothing if there can be none.
    [[nodiscard]] virtual const session::SearchState* search() const { return nullptr; }
    /// How to search unless somebody chooses.
    [[nodiscard]] virtual session::SearchWish usual_search() const { return {}; }
    virtual void find(const session::SearchWish& /*wish*/) {}
    virtual void cancel_find() {}

    [[nodiscard]] virtual const std::string& console() const { return nothing_; }
    virtual void type(const std::string& /*text*/) {}

protected:
    Source() = default;
    Source(const Source&) = default;
    Source& operator=(const Source&) = default;

private:
    std::string nothing_;
};

/// A session as a source.
class SessionSource final : public Source {
public:
    explicit SessionSource(session::Session& session)
        : session_(session) {}

    model::Store& store() override { return session_.store(); }
    [[nodiscard]] bool has_machine() const override { return true; }
    [[nodiscard]] session::Status status() const override { return session_.status(); }
    [[nodiscard]] std::string title() const override;
    bool poll(unsigned wait_ms) override { return session_.poll(wait_ms); }
    void run() override { session_.run(); }
    void pause() override { session_.pause(); }
    void step(u64 events) override { session_.step(events); }
    void step_until(const Matches& matches) override { session_.step_until(matches); }
    void set_rate(double rate) override { session_.set_rate(rate); }
    void restart() override { session_.restart(); }
    /// A machine that stands still comes back to the same instant of the new run.
    void rebuild() override;
    void grade() override { session_.grade(); }
    void stop() override { session_.stop(); }
    [[nodiscard]] const session::SearchState* search() const override;
    [[nodiscard]] session::SearchWish usual_search() const override;
    void find(const session::SearchWish& wish) override { session_.find(wish); }
    void cancel_find() override { session_.cancel_find(); }
    [[nodiscard]] const std::string& console() const override { return session_.console(); }
    void type(const std::string& text) override { session_.type(text); }

private:
    session::Session& session_;
};

/// A store that somebody else filled.
class RecordedSource final : public Source {
public:
    RecordedSource(model::Store& store, std::string title)
        : store_(store)
        , title_(std::move(title)) {}

    model::Store& store() override { return store_; }
    [[nodiscard]] std::string title() const override { return title_; }

private:
    model::Store& store_;
    std::string title_;
};

} // namespace view
