// SPDX-License-Identifier: BSD-2-Clause
// A machine for tests: it knows its story beforehand and tells as much of it as it is let.
#pragma once

#include "model/generator.hpp"
#include "view/source.hpp"

namespace view_test {

class FakeSource final : public view::Source {
public:
    explicit FakeSource(std::vector<model::Event> story, usize told = 0)
        : story_(std::move(story)) {
        tell(told);
    }

    model::Store& store() override { return store_; }
    [[nodiscard]] bool has_machine() const override { return true; }
    [[nodiscard]] session::Status status() const override {
        session::Status status;
        status.phase = phase;
        status.exact = exact;
        status.repeatable = true;
        status.build_output = build_output;
        return status;
    }
    [[nodiscard]] std::string title() const override { return "a fake machine"; }
    bool poll(unsigned) override {
        if (phase != session::Phase::running)
            return false;
        tell(per_poll);
        if (store_.size() == story_.size())
            phase = session::Phase::ended;
        return true;
    }
    void run() override { phase = session::Phase::running; }
    void pause() override { phase = session::Phase::paused; }
    void step(u64 events) override {
        tell(events);
        phase = session::Phase::paused;
    }
    void step_until(const Matches& matches) override {
        while (store_.size() < story_.size()) {
            tell(1);
            if (matches(store_.event(store_.size() - 1)))
                break;
        }
        phase = session::Phase::paused;
    }
    void set_rate(double rate) override { rate_set = rate; }
    void restart() override {
        store_ = model::Store();
        phase = session::Phase::running;
    }
    void rebuild() override {
        rebuilds++;
        restart();
    }
    void grade() override { grades++; }
    [[nodiscard]] const std::string& console() const override { return console_text; }
    void type(const std::string& text) override { typed += text; }

    session::Phase phase = session::Phase::paused;
    usize per_poll = 10;
    bool exact = true;
    double rate_set = -1;
    int rebuilds = 0, grades = 0;
    std::string typed, console_text, build_output;

private:
    void tell(usize events) {
        for (; events != 0 && store_.size() < story_.size(); events--)
            store_.append(story_[store_.size()].record, story_[store_.size()].hart);
    }

    std::vector<model::Event> story_;
    model::Store store_;
};

/// A busy machine's story.
inline std::vector<model::Event> story(unsigned harts, u64 events, unsigned threads = 6) {
    std::vector<model::Event> told;
    model_test::Generator(harts, 1, model_test::into(told), threads).run(events);
    return told;
}

} // namespace view_test
