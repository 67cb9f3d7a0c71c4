// SPDX-License-Identifier: BSD-2-Clause
#include "boot/parameters.hpp"

#include "trace/event.hpp"
#include "trace/words.hpp"

#include <algorithm>

namespace boot {

namespace {

using std::string_view;
using trace::Group;

// ---- values that are words ----------------------------------------------------------------------

using Words = std::span<const char* const>;

constexpr auto& models = trace::Words<trace::Model>::list;
constexpr const char* masks[] = {"source", "level"};
constexpr const char* spls[] = {"lazy", "eager"};
constexpr const char* callouts[] = {"halt", "wait", "spin"};
constexpr const char* switches[] = {"on", "off"};
constexpr const char* lockchecks[] = {"off", "on"};
constexpr const char* lock_levels[] = {"serial", "audio", "net", "bio"};
constexpr auto& group_names = trace::Words<Group>::list;
constexpr const char* deliveries[] = {"lossless", "live"};

/// A value being read: the parameter's name and text, and where a complaint goes.
struct Reading {
    string_view name;
    string_view value;
    std::span<const char* const> scenarios;
    lib::Line& complaint;

    bool refuse(const char* why) const {
        complaint.add("boot parameter ");
        add(name);
        complaint.add("=");
        add(value);
        complaint.add(": ", why);
        return false;
    }
    void add(string_view text) const {
        for (char byte : text)
            complaint.add(byte);
    }
    void add_list(std::span<const char* const> words) const {
        for (usize i = 0; i < words.size(); i++)
            complaint.add(i == 0 ? "" : ", ", words[i]);
    }
};

usize index_of(string_view word, std::span<const char* const> words) {
    usize index = 0;
    while (index < words.size() && word != words[index])
        index++;
    return index;
}

bool choose(const Reading& reading, Words words, usize& chosen) {
    chosen = index_of(reading.value, words);
    if (chosen < words.size())
        return true;
    reading.refuse("allowed are ");
    reading.add_list(words);
    return false;
}

template <class E> bool choose(const Reading& reading, Words words, E& field) {
    usize chosen = 0;
    if (!choose(reading, words, chosen))
        return false;
    field = static_cast<E>(chosen);
    return true;
}

// ---- values that are numbers --------------------------------------------------------------------

template <class N> bool number(const Reading& reading, u64 least, u64 most, N& field) {
    u64 value = 0;
    bool good = !reading.value.empty();
    for (char byte : reading.value) {
        u64 digit = static_cast<u64>(byte) - '0';
        good = good && digit <= 9 && value <= (~u64{0} - digit) / 10;
        value = value * 10 + digit;
    }
    if (good && value >= least && value <= most) {
        field = static_cast<N>(value);
        return true;
    }
    reading.refuse("allowed are numbers from ");
    reading.complaint.add(least, " to ", most);
    return false;
}

// ---- trace: words separated by commas -----------------------------------------------------------

bool read_trace(const Reading& reading, Parameters& to) {
    u32 groups = 0;
    bool any_group = false;
    for (string_view rest = reading.value;;) {
        usize end = rest.find(',');
        string_view word = rest.substr(0, end);
        usize group = index_of(word, group_names);
        usize delivery = index_of(word, deliveries);
        if (delivery < std::size(deliveries)) {
            to.delivery = static_cast<Delivery>(delivery);
        } else if (group < std::size(group_names) || word == "all" || word == "none") {
            any_group = true;
            groups |= word == "all" ? trace::all_groups : word == "none" ? 0 : u32{1} << group;
        } else {
            reading.refuse("allowed are lossless or live, all or none, and classes of events: ");
            reading.add_list(group_names);
            return false;
        }
        if (end == string_view::npos)
            break;
        rest.remove_prefix(end + 1);
    }
    if (any_group)
        to.groups = groups | trace::group_bit(Group::meta);
    return true;
}

void show_trace(const Parameters& from, lib::Line& line) {
    line.add(deliveries[static_cast<u8>(from.delivery)]);
    for (usize group = 0; group < std::size(group_names); group++) {
        if ((from.groups >> group & 1) != 0)
            line.add(",", group_names[group]);
    }
}

// ---- the table ----------------------------------------------------------------------------------

bool read_scenario(const Reading& reading, Parameters& to) {
    if (index_of(reading.value, reading.scenarios) == reading.scenarios.size()) {
        reading.refuse("there are ");
        reading.add_list(reading.scenarios);
        return false;
    }
    to.scenario = reading.value;
    return true;
}

bool read_lock_level(const Reading& reading, Parameters& to) {
    usize below_serial = 0;
    if (!choose(reading, lock_levels, below_serial))
        return false;
    to.interrupts.lock_level = static_cast<trace::Level>(hart::ipl::last_line - below_serial);
    return true;
}

bool read_mutation(const Reading& reading, Parameters& to) {
    if (!choose(reading, hart::mutation_names, to.mutation))
        return false;
    if (to.mutation == hart::Mutation::none || hart::mutable_kernel)
        return true;
    return reading.refuse("the bugs of this kernel cannot be switched on, only those of one made "
                          "with make kernel MUTABLE=1");
}

void add(lib::Line& line, string_view text) {
    for (char byte : text)
        line.add(byte);
}

struct Parameter {
    const char* name;
    bool (*read)(const Reading& reading, Parameters& to);
    void (*show)(const Parameters& from, lib::Line& line);
};

/// A field of Parameters, or of the part that the interrupt code gets.
auto& in(auto& parameters, auto Parameters::*field) {
    return parameters.*field;
}
auto& in(auto& parameters, auto hart::Interrupts::*field) {
    return parameters.interrupts.*field;
}

/// A parameter whose field is an enumeration.
template <auto field, auto& words> constexpr Parameter word(const char* name) {
    return {.name = name,
            .read = [](const Reading& reading,
                       Parameters& to) { return choose(reading, words, in(to, field)); },
            .show = [](const Parameters& from,
                       lib::Line& line) { line.add(words[static_cast<usize>(in(from, field))]); }};
}
template <auto field, u64 least, u64 most> constexpr Parameter number(const char* name) {
    return {.name = name,
            .read = [](const Reading& reading,
                       Parameters& to) { return number(reading, least, most, to.*field); },
            .show = [](const Parameters& from, lib::Line& line) { line.add(from.*field); }};
}

constexpr Parameter table[] = {
    {.name = "scenario",
     .read = read_scenario,
     .show = [](const Parameters& from, lib::Line& line) { add(line, from.scenario); }},
    word<&hart::Interrupts::model, models>("model"),
    word<&hart::Interrupts::mask, masks>("mask"),
    number<&Parameters::pool, 1, 8>("pool"),
    {.name = "lock_level",
     .read = read_lock_level,
     .show =
         [](const Parameters& from, lib::Line& line) {
             line.add(lock_levels[hart::ipl::last_line - from.interrupts.lock_level]);
         }},
    word<&hart::Interrupts::spl, spls>("spl"),
    word<&Parameters::inheritance, switches>("pi"),
    word<&Parameters::callout, callouts>("callout"),
    word<&Parameters::preemption, switches>("preempt"),
    word<&Parameters::lockcheck, lockchecks>("lockcheck"),
    number<&Parameters::hz, 10, 1000>("hz"),
    number<&Parameters::seed, 0, ~u64{0}>("seed"),
    {.name = "trace", .read = read_trace, .show = show_trace},
    {.name = "case",
     .read =
         [](const Reading& reading, Parameters& to) {
             to.play = reading.value;
             return !reading.value.empty() || reading.refuse("it needs the name of a case");
         },
     .show = [](const Parameters& from, lib::Line& line) { add(line, from.play); }},
    {.name = "mutation",
     .read = read_mutation,
     .show =
         [](const Parameters& from, lib::Line& line) {
             line.add(hart::mutation_names[static_cast<usize>(from.mutation)]);
         }},
};

bool read_one(const Reading& reading, Parameters& to) {
    for (const Parameter& parameter : table) {
        if (reading.name == parameter.name)
            return parameter.read(reading, to);
    }
    reading.complaint.add("there is no boot parameter \"");
    reading.add(reading.name);
    reading.complaint.add("\": there are ");
    for (const Parameter& parameter : table)
        reading.complaint.add(&parameter == table ? "" : ", ", parameter.name);
    return false;
}

/// Only a handler that borrows is held off by a level: a line's own LWP is scheduled by priority,
/// and a guest never blocks.
bool go_together(const hart::Interrupts& interrupts, lib::Line& complaint) {
    if (interrupts.mask == hart::Mask::source || interrupts.model == trace::Model::borrow)
        return true;
    complaint.add("boot parameter mask=level: only with model=borrow");
    return false;
}

} // namespace

bool parse(string_view arguments, std::span<const char* const> scenarios, Parameters& parameters,
           lib::Line& complaint) {
    constexpr string_view spaces = " \t\n";
    for (;;) {
        arguments.remove_prefix(std::min(arguments.find_first_not_of(spaces), arguments.size()));
        if (arguments.empty())
            return go_together(parameters.interrupts, complaint);
        string_view token = arguments.substr(0, arguments.find_first_of(spaces));
        arguments.remove_prefix(token.size());
        usize equals = std::min(token.find('='), token.size());
        Reading reading{.name = token.substr(0, equals),
                        .value = token.substr(std::min(equals + 1, token.size())),
                        .scenarios = scenarios,
                        .complaint = complaint};
        if (!read_one(reading, parameters))
            return false;
    }
}

void for_each(const Parameters& parameters, void (*say)(unsigned index, const lib::Line& line)) {
    for (unsigned index = 0; index < std::size(table); index++) {
        lib::Line line;
        line.add(table[index].name, "=");
        table[index].show(parameters, line);
        say(index, line);
    }
}

} // namespace boot
