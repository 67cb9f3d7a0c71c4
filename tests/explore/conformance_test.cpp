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

class Conformance : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(Conformance, one_hart_tells_the_same_story_on_both_machines) {
    std::string name = GetParam();
    auto simulated = scratch("conformance-host-" + name);
    auto real = scratch("conformance-qemu-" + name);
    Answer host =
        explore("--once --harts 1 --scenario race --case " + name + " --out " + simulated.string());
    ASSERT_EQ(host.status, 0) << host.text;
    Answer qemu =
        explore("run --headless --kernel build/kernel.elf --harts 1 --scenario race -p case=" + name
                    + " --record " + real.string(),
                "interlude");
    ASSERT_EQ(qemu.status, 0) << qemu.text;
    Story here = story_of(simulated), there = story_of(real);
    EXPECT_GT(here.size(), 40U);
    auto [left, right] = std::mismatch(here.begin(), here.end(), there.begin(), there.end());
    EXPECT_TRUE(left == here.end() && right == there.end())
        << "event " << left - here.begin() << "\nhost: " << (left == here.end() ? "the end" : *left)
        << "\nQEMU: " << (right == there.end() ? "the end" : *right);
    std::filesystem::remove(real.string() + ".png");
}

INSTANTIATE_TEST_SUITE_P(Cases, Conformance,
                         testing::Values("mutex", "rw", "lend", "cv", "handler", "softint",
                                         "timeout", "free", "detach"),
                         [](const auto& row) { return std::string(row.param); });

} // namespace explored
