// SPDX-License-Identifier: BSD-2-Clause
// interlude events TRACE: its events as sentences, or as JSON lines; all, or those that filters let
// through.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"
#include "model/mention.hpp"
#include "model/narration.hpp"
#include "trace/words.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace cli {

namespace {

using model::Event;
using model::Kind;

struct Filters {
    std::string directory;
    std::vector<std::string> events, lwps, locks, lines;
    std::vector<u32> harts;
    double from = -1, to = -1; // milliseconds since the first event
    u64 limit = ~0ull;
    bool json = false;
};

// The ids that words given on the command line mean; names and numbers both do.
std::vector<u32> resolve(const OpenedTrace& trace, Kind kind,
                         const std::vector<std::string>& words) {
    std::vector<u32> ids;
    for (const std::string& word : words) {
        std::optional<u32> id = trace.store.names().find(kind, word);
        if (!id)
            fail(fmt::format(
                "the trace has no {} called \"{}\"; `interlude stat {}` lists what it has",
                model::word(kind), word, trace.directory.string()));
        ids.push_back(*id);
    }
    return ids;
}

std::vector<u16> event_ids(const std::vector<std::string>& words) {
    std::vector<u16> ids;
    for (const std::string& word : words) {
        usize before = ids.size();
        model::Events::for_each([&]<class E>() {
            if (word == E::info.name || word == model::word(E::info.group))
                ids.push_back(model::id_of<E>);
        });
        if (ids.size() == before)
            fail(fmt::format("there is no event or group \"{}\"; `interlude schema` lists them",
                             word));
    }
    return ids;
}

class Selection {
public:
    Selection(const OpenedTrace& trace, const Filters& filters)
        : events_(event_ids(filters.events))
        , harts_(filters.harts)
        , objects_{{Kind::lwp, resolve(trace, Kind::lwp, filters.lwps)},
                   {Kind::lock, resolve(trace, Kind::lock, filters.locks)},
                   {Kind::line, resolve(trace, Kind::line, filters.lines)}} {}

    // One of each kind of filter that was given has to match.
    bool matches(const Event& event) const {
        if (!any_of(events_, [&](u16 id) { return event.id() == id; })
            || !any_of(harts_, [&](u32 hart) { return static_cast<u32>(event.hart) == hart; }))
            return false;
        for (const auto& [kind, ids] : objects_)
            if (!any_of(ids, [&, kind = kind](u32 id) { return mentions(event, kind, id); }))
                return false;
        return true;
    }

private:
    template <class T> static bool any_of(const std::vector<T>& wanted, auto&& matches) {
        return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), matches);
    }

    std::vector<u16> events_;
    std::vector<u32> harts_;
    std::vector<std::pair<Kind, std::vector<u32>>> objects_;
};

template <class F> nlohmann::ordered_json json_value(const F& field) {
    if constexpr (std::same_as<F, model::Text>)
        return model::printable(field);
    else if constexpr (model::Worded<F>)
        return model::word(field);
    else
        return static_cast<u64>(field);
}

void print_json(const OpenedTrace& trace, usize index, const Event& event) {
    nlohmann::ordered_json fields = nlohmann::ordered_json::object();
    const char* name = "";
    model::Events::visit(event.record, [&](const auto& decoded) {
        using E = std::remove_cvref_t<decltype(decoded)>;
        name = E::info.name;
        E::describe(decoded, [&](const char* field, const auto& value) {
            fields[field] = json_value(value);
        });
    });
    nlohmann::ordered_json line = {{"index", index},
                                   {"time", event.time()},
                                   {"stamp", event.stamp()},
                                   {"hart", static_cast<u32>(event.hart)},
                                   {"lwp", static_cast<u32>(event.lwp())},
                                   {"event", name},
                                   {"fields", std::move(fields)},
                                   {"sentence", sentence(event, trace.store.names())}};
    fmt::print("{}\n", line.dump());
}

void print_sentence(const OpenedTrace& trace, usize index, const Event& event) {
    fmt::print("{:>8} {:>18} {:<7} {:<18} {}\n", index, trace.when(event.time()),
               trace.store.names().of(event.hart), trace.store.names().of(event.lwp()),
               sentence(event, trace.store.names()));
}

usize index_at(const OpenedTrace& trace, double milliseconds, usize otherwise) {
    if (milliseconds < 0)
        return otherwise;
    auto ticks = static_cast<u64>(milliseconds * static_cast<double>(trace.timebase()) / 1000);
    return trace.store.upper_bound(trace.store.time(0) + ticks);
}

void events(const Filters& filters) {
    OpenedTrace trace(filters.directory);
    Selection selection(trace, filters);
    u64 left = filters.limit;
    usize last = index_at(trace, filters.to, trace.store.size());
    for (usize i = index_at(trace, filters.from, 0); i < last && left != 0; i++) {
        Event event = trace.store.event(i);
        if (!selection.matches(event))
            continue;
        left--;
        if (filters.json)
            print_json(trace, i, event);
        else
            print_sentence(trace, i, event);
    }
}

} // namespace

void add_events(CLI::App& program) {
    auto filters = std::make_shared<Filters>();
    CLI::App* command = program.add_subcommand("events", "the events of a trace, as sentences");
    command->add_option("trace", filters->directory, "trace directory")->required();
    command->add_option("--event", filters->events,
                        "only these events or groups (switch, lock, …)");
    command->add_option("--lwp", filters->lwps,
                        "only what has to do with these LWPs (name or number)");
    command->add_option("--lock", filters->locks, "only what has to do with these locks");
    command->add_option("--line", filters->lines, "only what has to do with these interrupt lines");
    command->add_option("--hart", filters->harts, "only what happened on these harts");
    command->add_option("--from", filters->from,
                        "only after this time, in ms since the first event");
    command->add_option("--to", filters->to, "only up to this time, in ms since the first event");
    command->add_option("--limit", filters->limit, "at most this many");
    command->add_flag("--json", filters->json, "one JSON object per line instead of sentences");
    command->callback([filters] { events(*filters); });
}

} // namespace cli
