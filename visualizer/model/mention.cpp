// SPDX-License-Identifier: BSD-2-Clause
#include "model/mention.hpp"

namespace model {

bool mentions(const Event& event, Kind kind, u32 id) {
    if (kind == Kind::lwp && static_cast<u32>(event.lwp()) == id)
        return true;
    if (kind == Kind::hart && static_cast<u32>(event.hart) == id)
        return true;
    bool found = false;
    Events::visit(event.record, [&](const auto& decoded) {
        std::remove_cvref_t<decltype(decoded)>::describe(
            decoded, [&](const char*, const auto& field) {
                using F = std::remove_cvref_t<decltype(field)>;
                if constexpr (kind_of_id<F>().has_value())
                    found = found || (kind_of_id<F>() == kind && static_cast<u32>(field) == id);
            });
        using E = std::remove_cvref_t<decltype(decoded)>;
        if constexpr (std::same_as<E, Name>)
            found = found || decoded.object == object(kind, id);
    });
    return found;
}

} // namespace model
