// SPDX-License-Identifier: BSD-2-Clause
// An event as a sentence: the schema's sentence with names in place of ids. The pieces know which
// object they name, so that a window can make links of them.
#pragma once

#include "model/store.hpp"

#include <string>
#include <vector>

namespace model {

struct Piece {
    std::string text;
    bool is_link = false;
    trace::Kind kind{};
    u32 id = 0;
};

[[nodiscard]] std::vector<Piece> narrate(const Event& event, const Names& names);
/// The same as plain text.
[[nodiscard]] std::string sentence(const Event& event, const Names& names);
/// "12.345 678 9 ms" since the trace's first event; `timebase` in ticks per second.
[[nodiscard]] std::string format_time(u64 ticks, u64 timebase);

} // namespace model
