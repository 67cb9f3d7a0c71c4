// SPDX-License-Identifier: BSD-2-Clause
// The same scenario on the simulated machine and on real harts in QEMU. On one hart, where nobody
// else can come in between, both must tell the same story, event by event. What may differ is left
// out: how long things take, and so ticks, and the buckets of the wheel that depend on them.
#include "explore/program.hpp"

#include "load/trace_reader.hpp"
#include "model/narration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace explored {

namespace {

using Story = std::vector<std::string>;

template <class... E> bool is_one_of(const trace::Record& record) {
    return ((trace::record_id(record) == trace::id_of<E>) || ...);
}

bool depends_on_time(const trace::Record& record) {
    return is_one_of<trace::Tick, trace::TimerEnter, trace::TimerExit, trace::CalloutPlace,
                     trace::Resched>(record);
}

/// Who made the run, and what texts are called, is no part of the story.
bool is_told(const trace::Record& record) {
    return !depends_on_time(record)
           && !is_one_of<trace::Name, trace::Boot, trace::Phase, trace::Halt>(record);
}

/// Ticks are counted from the boot, which takes its time on one machine and none on the other.
std::string without_ticks(const std::string& sentence) {
    static const std::regex number("tick [0-9]+");
    return std::regex_replace(sentence, number, "a tick");
}

Story story_of(const std::filesystem::path& directory) {
    model::Store store;
    load::TraceReader reader(directory, store);
    EXPECT_TRUE(reader.read_all()) << reader.error();
    Story story;
    for (size_t i = 0; i < store.size(); i++) {
        model::Event event = store.event(i);
        auto lwp = static_cast<trace::LwpId>(trace::record_lwp(event.record));
        if (is_told(event.record))
            story.push_back(store.names().of(lwp) + ": "
                            + without_ticks(model::sentence(event, store.names())));
    }
    return story;
}

/// What one LWP tells. On which hart it goes on, and whom it leaves it to, is the scheduler's.
Story told_by(const std::string& lwp, const Story& story) {
    Story its;
    for (const std::string& sentence : story)
        if (sentence.starts_with(lwp + ": ") && sentence.find("mi_switch") == std::string::npos
            && sentence.find("inter-processor") == std::string::npos)
            its.push_back(sentence);
    return its;
}

struct Stories {
    Story here, there;
};

/// Of the run without departures, and of one in QEMU.
Stories stories_of(const std::string& name, unsigned harts) {
    std::string what = name + "-" + std::to_string(harts);
    std::string options = " --harts " + std::to_string(harts) + " --scenario race ";
    auto simulated = scratch("conformance-host-" + what);
    auto real = scratch("conformance-qemu-" + what);
    Answer host = explore("--once" + options + "--case " + name + " --out " + simulated.string());
    EXPECT_EQ(host.status, 0) << host.text;
    Answer qemu = explore("run --headless --kernel build/kernel.elf" + options + "-p case=" + name
                              + " --record " + real.string(),
                          "interlude");
    EXPECT_EQ(qemu.status, 0) << qemu.text;
    std::filesystem::remove(real.string() + ".png");
    return {story_of(simulated), story_of(real)};
}

class ConformanceOfHarts : public testing::TestWithParam<unsigned> {};

class Conformance : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(Conformance, one_hart_tells_the_same_story_on_both_machines) {
    auto [here, there] = stories_of(GetParam(), 1);
    EXPECT_GT(here.size(), 40U);
    auto [left, right] = std::mismatch(here.begin(), here.end(), there.begin(), there.end());
    EXPECT_TRUE(left == here.end() && right == there.end())
        << "event " << left - here.begin() << "\nhost: " << (left == here.end() ? "the end" : *left)
        << "\nQEMU: " << (right == there.end() ? "the end" : *right);
}

INSTANTIATE_TEST_SUITE_P(Cases, Conformance,
                         testing::Values("mutex", "rw", "lend", "cv", "handler", "softint",
                                         "timeout", "free", "detach", "biglock", "rm", "baton"),
                         [](const auto& row) { return std::string(row.param); });

// Harts that act at the same time need not agree on an order. Where one acts after the other,
// handing on a baton, each LWP's own story must be the same.
TEST_P(ConformanceOfHarts, each_runner_tells_the_same_story_on_both_machines) {
    auto [here, there] = stories_of("baton", GetParam());
    for (const char* runner : {"first", "second", "third", "fourth"}) {
        Story host = told_by(runner, here), qemu = told_by(runner, there);
        EXPECT_GT(host.size(), 8U) << runner;
        EXPECT_EQ(host, qemu) << runner;
    }
}

INSTANTIATE_TEST_SUITE_P(Harts, ConformanceOfHarts, testing::Values(2U, 4U));

} // namespace explored
