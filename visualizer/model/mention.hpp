// SPDX-License-Identifier: BSD-2-Clause
// Which objects an event is about: its fields, the LWP that was current, and its hart.
#pragma once

#include "model/store.hpp"

namespace model {

template <class Id> constexpr std::optional<Kind> kind_of_id() {
    if constexpr (std::same_as<Id, LwpId>)
        return Kind::lwp;
    else if constexpr (std::same_as<Id, HartId>)
        return Kind::hart;
    else if constexpr (std::same_as<Id, LineId>)
        return Kind::line;
    else if constexpr (std::same_as<Id, LockId>)
        return Kind::lock;
    else if constexpr (std::same_as<Id, ChannelId>)
        return Kind::channel;
    else if constexpr (std::same_as<Id, CalloutId>)
        return Kind::callout;
    else if constexpr (std::same_as<Id, SoftintId>)
        return Kind::softint;
    else if constexpr (std::same_as<Id, TextId>)
        return Kind::text;
    else
        return std::nullopt;
}

/// True if the event has to do with the object: a filter's and a history's question.
[[nodiscard]] bool mentions(const Event& event, Kind kind, u32 id);

} // namespace model
