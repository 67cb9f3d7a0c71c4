// SPDX-License-Identifier: BSD-2-Clause
#include "grader/evidence.hpp"

#include "model/narration.hpp"

namespace grader {

std::string Evidence::when(usize at) const {
    u64 timebase = store_.newest().timebase;
    if (at >= count_ || timebase == 0)
        return "an unknown time";
    return model::format_time(store_.time(at) - store_.time(0), timebase);
}

std::optional<trace::LineId> Evidence::line(std::string_view name) const {
    for (const auto& [id, known] : names().all(trace::Kind::line))
        if (known == name)
            return static_cast<trace::LineId>(id);
    return std::nullopt;
}

std::vector<u64> Evidence::marks(std::string_view text) const {
    std::vector<u64> values;
    for (const auto& mark : all<trace::Mark>())
        if (names().of(mark.event.text) == text)
            values.push_back(mark.event.value);
    return values;
}

} // namespace grader
