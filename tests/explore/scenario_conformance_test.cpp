// SPDX-License-Identifier: BSD-2-Clause
// Whole scenarios on the simulated machine and in QEMU: each is told in the strongest way in which
// both must tell the same (story.hpp), and where that is not event by event, the row says why.
//
// One hart: nobody acts but by its own program, by an interrupt that somebody asked for, or when a
// tick is due; and between two ticks there is time for whatever a scenario does. So the order of
// all events is given. Several harts: the machines choose when each of them goes on.
#include "explore/program.hpp"
#include "explore/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace explored {

namespace {

struct Row {
    const char* name;
    const char* options;
    Telling telling;
    const char* why_not_more = nullptr;
};

constexpr const char* alarm = "its alarm comes after so many nanoseconds, all else after ticks";
constexpr const char* repeats = "in QEMU it repeats more often: scenario::times()";
constexpr const char* order = "the order in which harts act is the machine's";
constexpr const char* who_comes_first = "what its LWPs find, and do then, is who came first";

constexpr Row rows[] = {
    {"tour", "tour --harts 1", Telling::alarms_apart, alarm},
    {"tour_classic", "tour --harts 1 -p model=classic", Telling::alarms_apart, alarm},
    {"block", "block --harts 1", Telling::whole},
    {"block_thread", "block --harts 1 -p model=thread", Telling::whole},
    {"block_classic", "block --harts 1 -p model=classic", Telling::whole},
    {"inversion", "inversion --harts 1", Telling::whole},
    {"halves", "halves --harts 1", Telling::once, repeats},
    {"spl", "spl --harts 1", Telling::whole},
    {"spl_eager", "spl --harts 1 -p spl=eager", Telling::once, repeats},
    {"resetit", "resetit --harts 1 -p hz=1000", Telling::whole}, // ticks that come sooner
    {"resetit_literal", "resetit --harts 1 -p case=literal", Telling::whole},
    {"callouts", "callouts --harts 1", Telling::whole},
    {"callouts_classic", "callouts --harts 1 -p model=classic", Telling::whole},
    {"runout", "runout --harts 1", Telling::whole},
    {"runout_thread", "runout --harts 1 -p model=thread", Telling::whole},
    {"biglock", "biglock --harts 1", Telling::once, repeats},
    {"biglock_spin", "biglock --harts 1 -p case=spin", Telling::whole},
    {"forbidden", "forbidden --harts 1", Telling::whole},
    {"forbidden_wait", "forbidden --harts 1 -p case=sema_wait", Telling::whole},
    {"selftest", "selftest --harts 1", Telling::whole},
    {"teardown", "teardown --harts 2 -p hz=1000", Telling::promises,
     "how often its callout comes while somebody computes"},
    {"timedwait", "timedwait --harts 2 -p hz=1000", Telling::promises,
     "whether a wait ends by its timeout or by a signal, again and again"},
    {"tour_four", "tour --harts 4", Telling::deeds, order},
    {"block_four", "block --harts 4", Telling::deeds, order},
    {"inversion_four", "inversion --harts 4", Telling::deeds, order},
    {"halves_four", "halves --harts 4", Telling::deeds, order},
    {"spl_four", "spl --harts 4", Telling::deeds, order},
    {"resetit_four", "resetit --harts 4 -p hz=1000", Telling::deeds, order},
    {"callouts_four", "callouts --harts 4", Telling::deeds, order},
    {"runout_four", "runout --harts 4", Telling::deeds, order},
    {"biglock_four", "biglock --harts 4", Telling::deeds, order},
    {"forbidden_four", "forbidden --harts 4", Telling::deeds, order},
    {"race_four", "race --harts 4", Telling::promises, who_comes_first},
    {"race_classic", "race --harts 2 -p model=classic", Telling::promises, who_comes_first},
};

/// Scenarios without a row.
const std::map<std::string, std::string> incomparable = {
    {"stress", "what its LWPs do depends on how long they may go on"},
    {"flood", "it emits one event, as often as a machine has time for"},
    {"bench", "it measures"},
    {"lab", "it is what somebody makes of it: lab_test.cpp"},
};

/// Rule (2) of story.hpp: the texts of each scenario's expect().
Texts expected_by(const std::string& scenario) {
    static const std::map<std::string, Texts> texts = {
        {"block",
         {"the release lets the handler run before the victim's next step", // if it is held off
          "the handler did not block, it spun", "the line has counted them"}},
        {"inversion",
         {"a handler waits for a mutex", "a handler waits for a chain",
          "a handler waits for a reader", "an LWP waits for a known reader"}},
        {"halves",
         {"a handler that leaves the work to a softint is shorter",
          "a handler that leaves it to an LWP is shorter"}},
        {"spl",
         {"it comes when the level falls", "with the level raised it waits for all of the work",
          "with an adaptive mutex it does not"}},
        {"biglock", {"and no other"}},
        {"timedwait", {"some by their timeout", "some by a signal", "neither more nor less"}},
    };
    auto found = texts.find(scenario);
    return found != texts.end() ? found->second : Texts{};
}

std::string scenario_of(const Row& row) {
    std::string options = row.options;
    return options.substr(0, options.find(' '));
}

class ConformanceOfScenarios : public testing::TestWithParam<Row> {};

} // namespace

TEST_P(ConformanceOfScenarios, both_machines_tell_the_same_story) {
    const Row& row = GetParam();
    auto [here, there] = traces_of(row.name, std::string("--scenario ") + row.options);
    Texts expected = expected_by(scenario_of(row));
    Story host = story_of(here, row.telling, expected);
    Story qemu = story_of(there, row.telling, expected);
    EXPECT_GE(host.size(), 10U);
    EXPECT_EQ(difference(host, qemu), "");
}

INSTANTIATE_TEST_SUITE_P(Rows, ConformanceOfScenarios, testing::ValuesIn(rows),
                         [](const auto& row) { return row.param.name; });

TEST(ConformanceOfScenarios, every_scenario_has_a_row_or_an_excuse) {
    std::string known = explore("--scenario nonsense").text;
    constexpr std::string_view before = "there are ";
    size_t begin = known.find(before);
    ASSERT_NE(begin, std::string::npos) << known;
    std::stringstream names(known.substr(begin + before.size()));
    for (std::string name; names >> name;) {
        name.erase(name.find_last_not_of(",.") + 1);
        bool has_row = std::any_of(std::begin(rows), std::end(rows),
                                   [&](const Row& row) { return scenario_of(row) == name; });
        EXPECT_NE(has_row, incomparable.contains(name)) << name;
    }
}

TEST(ConformanceOfScenarios, what_is_not_told_whole_has_a_reason) {
    for (const Row& row : rows)
        EXPECT_NE(row.telling == Telling::whole, row.why_not_more != nullptr) << row.name;
}

// A comparison that every two runs pass would say nothing. Here one kernel lets a hart steal what
// is bound to another.
TEST(ConformanceOfScenarios, a_broken_kernel_tells_another_story_however_it_is_told) {
    auto trace = [](const std::string& name, const std::string& options) {
        auto directory = scratch("conformance-" + name);
        static_cast<void>(explore("--once --scenario race --case mutex" + options + " --out "
                                  + directory.string()));
        return directory;
    };
    auto sound = trace("sound", ""), again = trace("again", "");
    auto broken = trace("broken", " --mutation steals_bound");
    for (Telling telling : {Telling::whole, Telling::alarms_apart, Telling::once, Telling::deeds,
                            Telling::promises}) {
        EXPECT_EQ(difference(story_of(sound, telling), story_of(again, telling)), "");
        EXPECT_NE(difference(story_of(sound, telling), story_of(broken, telling)), "");
    }
}

} // namespace explored
