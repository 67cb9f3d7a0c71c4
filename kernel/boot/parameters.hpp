// SPDX-License-Identifier: BSD-2-Clause
// Boot parameters: what the person who boots selects, as "name=value" separated by spaces.
//
// One table (parameters.cpp) holds every parameter with its allowed values. Whatever is not in it
// is refused, because a run that silently does something else than asked is worse than none.
//
// Rules
//   - parse() is a pure function of its arguments. Texts stay where they were.
// Read next: parameters.cpp, main.cpp
#pragma once

#include "callout/policy.hpp"
#include "hart/model.hpp"
#include "hart/mutation.hpp"
#include "lib/line.hpp"
#include "trace/event.hpp"

#include <span>
#include <string_view>

namespace boot {

enum class Switched : u8 { on, off };
enum class Lockcheck : u8 { off, on };
enum class Delivery : u8 { lossless, live };

struct Parameters {
    std::string_view scenario = "tour";
    hart::Interrupts interrupts; // model, mask, spl, lock_level
    callout::Policy callout = callout::Policy::halt;
    Switched inheritance = Switched::on; // pi
    Switched preemption = Switched::on;  // preempt
    Lockcheck lockcheck = Lockcheck::on;
    u32 pool = 1;
    u32 hz = 100;
    u64 seed = 1;
    u32 groups = trace::usual_groups;
    Delivery delivery = Delivery::lossless;
    /// Which of its cases a scenario plays, where it has several; the scenario knows them.
    std::string_view play = "all";
    hart::Mutation mutation = hart::Mutation::none;
};

/// Reads `arguments` into `parameters`. False: `complaint` is a sentence that names the parameter,
/// the value and what would be allowed, and `parameters` is not to be used.
[[nodiscard]] bool parse(std::string_view arguments, std::span<const char* const> scenarios,
                         Parameters& parameters, lib::Line& complaint);

/// Calls say(line) with "name=value" for every parameter, in the table's order.
void for_each(const Parameters& parameters, void (*say)(unsigned index, const lib::Line& line));

} // namespace boot
