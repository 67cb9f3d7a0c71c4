// SPDX-License-Identifier: BSD-2-Clause
#include "explore/rules.hpp"

#include "grader/check.hpp"
#include "model/store.hpp"

#include <algorithm>

namespace explore {

namespace {

std::vector<grader::Check> rules_of_lab() {
    std::vector<grader::Check> rules = grader::checks();
    std::erase_if(rules, [](const grader::Check& check) {
        return check.holds != grader::Holds::in_every_order;
    });
    return rules;
}

/// As a loader brings them: by stamp, which is causal, and not by who came first here.
std::vector<Recorded> in_causal_order(std::span<const Recorded> events) {
    std::vector<Recorded> sorted(events.begin(), events.end());
    std::sort(sorted.begin(), sorted.end(), [](const Recorded& a, const Recorded& b) {
        return a.record.stamp != b.record.stamp ? a.record.stamp < b.record.stamp : a.hart < b.hart;
    });
    return sorted;
}

std::string broken_rule(const std::vector<grader::Check>& rules, std::span<const Recorded> events) {
    model::Store store;
    for (const Recorded& event : in_causal_order(events))
        store.append(event.record, static_cast<trace::HartId>(event.hart));
    if (!store.problems().empty())
        return "events that cannot be: " + store.problems().front().sentence;
    grader::Evidence evidence(store, store.size());
    for (const grader::Check& rule : rules)
        if (grader::Fault fault = rule.judge(evidence))
            return rule.title + ": " + *fault;
    return "";
}

} // namespace

Judge rules_of_events() {
    return [rules = rules_of_lab()](std::span<const Recorded> events) {
        return broken_rule(rules, events);
    };
}

bool lab_has_rules() {
    return !rules_of_lab().empty();
}

} // namespace explore
