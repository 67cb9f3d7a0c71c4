// SPDX-License-Identifier: BSD-2-Clause
// make explore-all BUDGET=N: each row of corpus.hpp with at least N schedules, shared out among one
// to four harts and the three models, except where the row itself says how it is to be.
//
//   explore-all N [ROW …]        status 0: nothing was found; 1: something was
#include "explore/corpus.hpp"
#include "explore/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using explored::Answer;
using explored::Search;
using Options = std::vector<std::string>;

struct Sum {
    unsigned long schedules = 0, findings = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Every way in which a row is searched.
Options ways_of(const Search& search) {
    Options harts = {" --harts 1", " --harts 2", " --harts 3", " --harts 4"};
    Options models = {" -p model=borrow", " -p model=thread", " -p model=classic"};
    if (search.says("--harts"))
        harts = {""};
    if (search.says("model="))
        models = {""};
    Options ways;
    for (const std::string& model : models)
        for (const std::string& count : harts)
            ways.push_back(search.options + model + count);
    return ways;
}

void say_what_is_wrong(const std::string& options, const Answer& answer) {
    std::printf("build/explore %s: status %d\n%s", options.c_str(), answer.status,
                answer.text.c_str());
}

Sum play(const Search& search, unsigned long budget, const std::string& program) {
    auto start = std::chrono::steady_clock::now();
    Options ways = ways_of(search);
    unsigned long each = (budget + ways.size() - 1) / ways.size();
    Sum sum;
    for (const std::string& way : ways) {
        Answer answer =
            explored::explore(way + " --quiet --budget " + std::to_string(each), program);
        unsigned long schedules = answer.number_before("schedules (");
        sum.schedules += schedules;
        if (answer.status == 0 && schedules == each)
            continue;
        sum.findings++;
        say_what_is_wrong(way, answer);
    }
    std::printf("%-18s %8lu schedules in %2zu ways, %lu findings, %.1f s\n", search.name,
                sum.schedules, ways.size(), sum.findings, seconds_since(start));
    std::fflush(stdout);
    return sum;
}

} // namespace

int main(int count, char** words) {
    unsigned long budget = count > 1 ? std::strtoul(words[1], nullptr, 10) : 0;
    if (budget == 0) {
        std::fputs("usage: explore-all BUDGET [ROW …]\n", stderr);
        return 2;
    }
    auto is_wanted = [&](const Search& search) {
        return count == 2 || std::any_of(words + 2, words + count, [&](const char* word) {
                   return std::string_view(word) == search.name;
               });
    };
    auto start = std::chrono::steady_clock::now();
    Sum sum;
    unsigned rows = 0;
    auto play_all = [&](const auto& table, const std::string& program) {
        for (const Search& search : table) {
            if (!is_wanted(search))
                continue;
            Sum one = play(search, budget, program);
            sum.schedules += one.schedules;
            sum.findings += one.findings;
            rows++;
        }
    };
    play_all(explored::searches, "explore");
    play_all(explored::labs, "explore-01-reference");
    double seconds = seconds_since(start);
    std::printf("%lu schedules of %u searches, %lu findings, %.0f s, %.0f/s\n", sum.schedules, rows,
                sum.findings, seconds, static_cast<double>(sum.schedules) / seconds);
    return sum.findings == 0 && rows != 0 ? 0 : 1;
}
