// SPDX-License-Identifier: BSD-2-Clause
// What is to be said of a hart besides what runs on it, most important first.
#pragma once

#include "model/names.hpp"
#include "model/state.hpp"

#include <string>
#include <vector>

namespace view::machine {

enum class Tone : u8 { quiet, active, warning, bad };

struct HartFact {
    Tone tone;
    std::string words;
};

std::vector<HartFact> facts_of_hart(const model::State& state, const model::Names& names, u32 id);

} // namespace view::machine
