// SPDX-License-Identifier: BSD-2-Clause
// What is on show: the run or recording that the window was opened on, or a run that the race
// finder found, and back. All views see it as one Source; while a found run is shown, the machine
// behind it stands as the person left it.
//
// Rules
//   - After show() and back(), views must forget what they know of the store: it is another one.
// Read next: source.hpp, session/finder.hpp
#pragma once

#include "load/trace_reader.hpp"
#include "view/source.hpp"

#include <memory>

namespace view {

class Stage final : public Source {
public:
    explicit Stage(Source& house)
        : house_(house) {}

    /// Begins to read a found run; it is shown from now on.
    void show(const std::filesystem::path& trace);
    void back() { found_.reset(); }
    [[nodiscard]] bool shows_found() const { return found_ != nullptr; }
    /// Reads on, about a megabyte; false when all has been read.
    bool read_on();
    /// Why it cannot be read; empty if it can.
    [[nodiscard]] std::string error() const;
    /// The source that the window was opened on.
    [[nodiscard]] Source& house() { return house_; }

    model::Store& store() override { return found_ != nullptr ? found_->store : house_.store(); }
    [[nodiscard]] bool has_machine() const override {
        return found_ == nullptr && house_.has_machine();
    }
    [[nodiscard]] session::Status status() const override {
        return found_ != nullptr ? session::Status{} : house_.status();
    }
    [[nodiscard]] std::string title() const override;
    [[nodiscard]] const load::Finding* finding() const override;
    bool poll(unsigned wait_ms) override { return house_.poll(wait_ms); }
    void run() override { house_.run(); }
    void pause() override { house_.pause(); }
    void step(u64 events) override { house_.step(events); }
    void step_until(const Matches& matches) override { house_.step_until(matches); }
    void set_rate(double rate) override { house_.set_rate(rate); }
    void restart() override { house_.restart(); }
    void rebuild() override { house_.rebuild(); }
    void grade() override { house_.grade(); }
    [[nodiscard]] const session::SearchState* search() const override { return house_.search(); }
    [[nodiscard]] session::SearchWish usual_search() const override {
        return house_.usual_search();
    }
    void find(const session::SearchWish& wish) override { house_.find(wish); }
    void cancel_find() override { house_.cancel_find(); }
    void stop() override { house_.stop(); }
    [[nodiscard]] const std::string& console() const override {
        return found_ != nullptr ? Source::console() : house_.console();
    }
    void type(const std::string& text) override { house_.type(text); }

private:
    struct Found {
        explicit Found(const std::filesystem::path& trace)
            : reader(trace, store)
            , trace(trace) {}
        model::Store store;
        load::TraceReader reader;
        std::filesystem::path trace;
        bool reading = true;
    };

    Source& house_;
    std::unique_ptr<Found> found_;
};

} // namespace view
