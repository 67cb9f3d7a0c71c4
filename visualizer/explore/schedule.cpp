// SPDX-License-Identifier: BSD-2-Clause
#include "explore/schedule.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sstream>
#include <stdexcept>

namespace explore {

namespace {

constexpr const char* first_line = "interlude schedule 1";
constexpr std::array act_names = {"go_on", "hart", "line", "tick", "drain", "late"};

struct Offer {
    std::string_view word;
    bool Subject::*made;
};
constexpr Offer offers[] = {
    {"ticks", &Subject::ticks},     {"late", &Subject::late},     {"stores", &Subject::stores},
    {"reports", &Subject::reports}, {"events", &Subject::events},
};

bool has_number(Act act) {
    return act == Act::hart || act == Act::line || act == Act::drain;
}

Act act_of(const std::string& word) {
    for (usize i = 0; i < act_names.size(); i++)
        if (word == act_names[i])
            return static_cast<Act>(i);
    throw std::runtime_error("'" + word + "' is nothing that can happen at a choice point");
}

Departure departure_from(std::istringstream& words) {
    Departure departure;
    std::string point, act;
    if (!(words >> departure.hart >> point >> departure.point >> act) || point != "point"
        || departure.hart >= arch::max_harts)
        throw std::runtime_error("it should read like 'hart 0 point 12 hart 1'");
    departure.act = act_of(act);
    if (has_number(departure.act) && !(words >> departure.number))
        throw std::runtime_error("the number of the " + act + " is missing");
    return departure;
}

std::string rest_of(std::istringstream& words) {
    std::string rest;
    std::getline(words >> std::ws, rest);
    return rest;
}

void read_offers(std::istringstream& words, Subject& subject) {
    for (const Offer& offer : offers)
        subject.*offer.made = false;
    for (std::string word; words >> word;) {
        auto known = std::find_if(std::begin(offers), std::end(offers),
                                  [&](const Offer& offer) { return offer.word == word; });
        if (known == std::end(offers))
            throw std::runtime_error("'" + word + "' is nothing that a machine can offer");
        subject.*known->made = true;
    }
}

void read_line(const std::string& line, Schedule& schedule) {
    std::istringstream words(line);
    std::string key, digest;
    words >> key;
    bool good = true;
    if (key == "arguments")
        schedule.subject.arguments = rest_of(words);
    else if (key == "harts")
        good = words >> schedule.subject.harts && schedule.subject.harts >= 1
               && schedule.subject.harts <= arch::max_harts;
    else if (key == "offers")
        read_offers(words, schedule.subject);
    else if (key == "hart")
        schedule.departures.push_back(departure_from(words));
    else if (key == "points")
        good = static_cast<bool>(words >> schedule.points >> digest >> std::hex >> schedule.digest);
    else if (key == "failure")
        schedule.failure = rest_of(words);
    else
        throw std::runtime_error("'" + key + "' is not known");
    if (!good)
        throw std::runtime_error("it cannot be read");
}

} // namespace

std::string what_happens(const Departure& departure) {
    switch (departure.act) {
    case Act::hart:
        return departure.number == departure.hart
                   ? fmt::format("hart {} goes on at once", departure.hart)
                   : fmt::format("hart {} is left standing, and hart {} moves", departure.hart,
                                 departure.number);
    case Act::line:
        return fmt::format("line {} fires before hart {} goes on", departure.number,
                           departure.hart);
    case Act::tick:
        return fmt::format("time passes to the next tick before hart {} goes on", departure.hart);
    case Act::drain:
        return fmt::format("a late store of hart {} arrives before hart {} goes on",
                           departure.number, departure.hart);
    case Act::late:
        return "what happens here takes its time to arrive";
    case Act::go_on:
        break;
    }
    return "it goes on";
}

std::string in_words(const Departure& departure) {
    return fmt::format("hart {}, point {}: {}", departure.hart, departure.point,
                       what_happens(departure));
}

std::string to_text(const Departure& departure) {
    std::string text = fmt::format("hart {} point {} {}", departure.hart, departure.point,
                                   act_names[static_cast<usize>(departure.act)]);
    return has_number(departure.act) ? fmt::format("{} {}", text, departure.number) : text;
}

std::string to_text(const Schedule& schedule) {
    const Subject& subject = schedule.subject;
    std::string text = fmt::format("{}\narguments {}\nharts {}\noffers", first_line,
                                   subject.arguments, subject.harts);
    for (const Offer& offer : offers)
        if (subject.*offer.made)
            text += fmt::format(" {}", offer.word);
    text += "\n";
    for (const Departure& departure : schedule.departures)
        text += to_text(departure) + "\n";
    text += fmt::format("points {} digest {:016x}\n", schedule.points, schedule.digest);
    return schedule.failure.empty() ? text : text + "failure " + schedule.failure + "\n";
}

Schedule schedule_from(std::string_view text) {
    Schedule schedule;
    std::istringstream lines{std::string(text)};
    std::string line;
    if (!std::getline(lines, line) || line != first_line)
        throw std::runtime_error("this is no schedule: its first line is not '"
                                 + std::string(first_line) + "'");
    for (unsigned number = 2; std::getline(lines, line); number++) {
        if (line.empty() || line.front() == '#')
            continue;
        try {
            read_line(line, schedule);
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(fmt::format("line {}: {}: '{}'", number, error.what(), line));
        }
    }
    return schedule;
}

} // namespace explore
