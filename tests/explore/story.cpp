// SPDX-License-Identifier: BSD-2-Clause
#include "explore/story.hpp"

#include "explore/program.hpp"
#include "load/trace_reader.hpp"
#include "model/narration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <regex>

namespace explored {

namespace fs = std::filesystem;

namespace {

template <class... E> bool is_one_of(const model::Event& event) {
    return ((event.id() == trace::id_of<E>) || ...);
}

template <class E> E fields_of(const model::Event& event) {
    return trace::unpack<E>(event.record);
}

/// Rule (1).
bool tells_when(const model::Event& event) {
    if (is_one_of<trace::Report>(event))
        return fields_of<trace::Report>(event).kind == trace::ReportKind::slow_function;
    return is_one_of<trace::Tick, trace::TimerEnter, trace::TimerExit, trace::CalloutPlace>(event);
}

bool is_promise(const model::Event& event) {
    return is_one_of<trace::Phase, trace::Check, trace::Verdict, trace::Report, trace::Panic,
                     trace::LwpCreate, trace::LockInit, trace::CalloutInit,
                     trace::SoftintEstablish>(event);
}

/// Not of rule (5): what a program does as soon as it has a hart.
bool is_deed(const model::Event& event) {
    return is_promise(event)
           || is_one_of<trace::LockDestroy, trace::LockAcquire, trace::LockRelease,
                        trace::LockUpgrade, trace::LockDowngrade, trace::CalloutEnter,
                        trace::CalloutExit, trace::CalloutDestroy, trace::SoftintSchedule,
                        trace::SoftintDisestablish, trace::LineAttach, trace::LineDetach>(event);
}

/// Rule (4): what has just been done and is done again is taken back, a b c b c d → a b c d.
Story told_once(const Story& story) {
    constexpr std::ptrdiff_t longest_round = 64; // sentences
    Story once;
    for (const std::string& sentence : story) {
        once.push_back(sentence);
        for (auto round = std::min(longest_round, std::ssize(once) / 2); round > 0; round--) {
            if (std::equal(once.end() - round, once.end(), once.end() - 2 * round)) {
                once.resize(once.size() - static_cast<usize>(round));
                break;
            }
        }
    }
    return once;
}

/// One run, read and ready to be told.
class Run {
public:
    Run(const fs::path& directory, const Texts& expected);

    [[nodiscard]] Story whole(bool with_values) const;
    [[nodiscard]] Story alarms_apart() const;
    [[nodiscard]] Story deeds(bool (*which)(const model::Event&)) const;

private:
    /// An event that is told, and whether it happens in the timer's interrupt.
    struct Told : model::Event {
        bool in_timer;
    };

    [[nodiscard]] bool is_told(const model::Event& event, const Texts& expected) const;
    [[nodiscard]] std::string teller(const model::Event& event) const {
        return store_.names().of(event.lwp());
    }
    [[nodiscard]] std::string sentence(const model::Event& event, bool with_values) const;
    [[nodiscard]] std::string deed(const model::Event& event) const;

    model::Store store_;
    std::vector<Told> events_;
};

Run::Run(const fs::path& directory, const Texts& expected) {
    load::TraceReader reader(directory, store_);
    EXPECT_TRUE(reader.read_all()) << reader.error();
    std::set<model::HartId> in_timer;
    for (usize i = 0; i < store_.size(); i++) {
        model::Event event = store_.event(i);
        if (is_one_of<trace::TimerEnter>(event))
            in_timer.insert(event.hart);
        if (is_one_of<trace::TimerExit>(event))
            in_timer.erase(event.hart);
        if (is_told(event, expected))
            events_.push_back({event, in_timer.contains(event.hart)});
    }
}

bool Run::is_told(const model::Event& event, const Texts& expected) const {
    if (tells_when(event) || is_one_of<trace::Name, trace::Boot, trace::Halt>(event))
        return false;
    if (is_one_of<trace::Check>(event)) // rule (2)
        return !expected.contains(store_.names().of(fields_of<trace::Check>(event).text));
    return !is_one_of<trace::Phase>(event) // but for the one with which the race finder begins
           || store_.names().of(fields_of<trace::Phase>(event).text)
                  != "the run without departures";
}

std::string Run::sentence(const model::Event& event, bool with_values) const {
    if (is_one_of<trace::Mark>(event)) // rule (1)
        return store_.names().of(fields_of<trace::Mark>(event).text);
    std::string text = model::sentence(event, store_.names());
    if (is_one_of<trace::CalloutReset>(event)) { // rule (1)
        static const std::regex due("tick [0-9]+");
        text = std::regex_replace(text, due, "a tick");
    }
    if (with_values && is_one_of<trace::Check>(event))
        text += " (" + std::to_string(fields_of<trace::Check>(event).value) + ")";
    return text;
}

Story Run::whole(bool with_values) const {
    Story story;
    for (const Told& event : events_)
        story.push_back(teller(event) + ": " + sentence(event, with_values));
    return story;
}

/// The victim has its hart again.
bool ends_interrupt(const model::Event& event) {
    if (is_one_of<trace::IrqExit>(event)) // a handler's own LWP has no victim
        return fields_of<trace::IrqExit>(event).victim != model::LwpId::none;
    return is_one_of<trace::Switch>(event)
           && fields_of<trace::Switch>(event).reason == trace::SwitchReason::handler_done;
}

Story Run::alarms_apart() const {
    Story story, alarms;
    bool inside = false; // one hart: from the claim to the end nothing else happens
    for (const Told& event : events_) {
        std::string text = sentence(event, true);
        inside = inside || (is_one_of<trace::LineClaim>(event) && text.ends_with(" rtc0"));
        if (!inside)
            story.push_back(teller(event) + ": " + text);
        else if (!is_one_of<trace::IrqEnter, trace::IrqExit, trace::Runnable, trace::Switch>(event))
            alarms.push_back(text); // the others name the victim
        inside = inside && !ends_interrupt(event);
    }
    story.insert(story.end(), alarms.begin(), alarms.end());
    return story;
}

/// A deed without whether one had to wait for it, (5), and without its place, (6).
std::string Run::deed(const model::Event& event) const {
    static const std::regex waited(", after waiting$|; [0-9]+ wait for it$|, [0-9]+ ticks late$"),
        hart("hart [0-9]+"), of_hart("/[0-9]+");
    std::string text = teller(event) + ": " + sentence(event, false);
    text = std::regex_replace(text, waited, "");
    return std::regex_replace(std::regex_replace(text, hart, "a hart"), of_hart, "");
}

/// Rule (5): the callout with which an LWP sleeps for so many ticks, and the lock that it gives up.
bool is_about_waiting(const std::string& deed) {
    return deed.find("timeout of LWP") != std::string::npos
           || deed.find(" kernel_lock") != std::string::npos;
}

Story Run::deeds(bool (*which)(const model::Event&)) const {
    std::map<std::string, Story> stories; // by LWP
    for (const Told& event : events_) {
        std::string who = teller(event);
        bool is_idle = event.lwp() == model::LwpId::none || who.starts_with("idle/");
        if (event.in_timer || is_idle || !which(event))
            continue; // idle LWPs bring their harts up, and have no other deeds
        std::string what = deed(event);
        if (is_about_waiting(what))
            continue;
        auto slash = who.find('/');
        bool is_of_level = slash != std::string::npos;
        std::string key = is_of_level ? who.substr(0, slash)
                                      : who + std::to_string(trace::record_lwp(event.record));
        stories[key].push_back(what);
    }
    // Ids are given out in the order in which LWPs are made; here they are known by their deeds.
    std::multiset<Story> sorted;
    for (const auto& [who, story] : stories)
        sorted.insert(told_once(story));
    Story all;
    for (const Story& story : sorted)
        all.insert(all.end(), story.begin(), story.end());
    return all;
}

} // namespace

Story story_of(const fs::path& directory, Telling telling, const Texts& expected) {
    Run run(directory, expected);
    switch (telling) {
    case Telling::whole:
        return run.whole(true);
    case Telling::alarms_apart:
        return run.alarms_apart();
    case Telling::once:
        return told_once(run.whole(false));
    case Telling::deeds:
        return run.deeds(is_deed);
    case Telling::promises:
        return run.deeds(is_promise);
    }
    return {};
}

Traces traces_of(const std::string& name, const std::string& options) {
    fs::path simulated = scratch("conformance-host-" + name);
    fs::path real = scratch("conformance-qemu-" + name);
    Answer host = explore("--once " + options + " --out " + simulated.string());
    Answer qemu = explore("run --headless --kernel build/kernel.elf " + options + " --record "
                              + real.string(),
                          "interlude");
    EXPECT_EQ(host.status, qemu.status) << host.text << qemu.text;
    fs::remove(real.string() + ".png");
    return {simulated, real};
}

std::string difference(const Story& here, const Story& there) {
    auto [left, right] = std::mismatch(here.begin(), here.end(), there.begin(), there.end());
    if (left == here.end() && right == there.end())
        return "";
    auto around = [](const Story& story, auto at) {
        constexpr std::ptrdiff_t lines = 3;
        auto begin = at - std::min(lines, at - story.begin());
        auto end = at + std::min(lines, story.end() - at);
        std::string text;
        for (auto line = begin; line != end; ++line)
            text += (line == at ? "\n  > " : "\n    ") + *line;
        return text + (at == story.end() ? "\n  > the end" : "");
    };
    return "sentence " + std::to_string(left - here.begin()) + "\nhost:" + around(here, left)
           + "\nQEMU:" + around(there, right);
}

} // namespace explored
