// SPDX-License-Identifier: BSD-2-Clause
// The object that the person looks at: an LWP, a lock, a line, … by kind and id. Any view sets it,
// every view shows it.
#pragma once

#include "trace/ids.hpp"

#include <optional>

namespace view {

struct Object {
    trace::Kind kind{};
    u32 id = 0;
    bool operator==(const Object&) const = default;
};

template <class Id> Object object(trace::Kind kind, Id id) {
    return {kind, static_cast<u32>(id)};
}
inline Object object(trace::LwpId id) {
    return object(trace::Kind::lwp, id);
}
inline Object object(trace::HartId id) {
    return object(trace::Kind::hart, id);
}
inline Object object(trace::LineId id) {
    return object(trace::Kind::line, id);
}
inline Object object(trace::LockId id) {
    return object(trace::Kind::lock, id);
}
inline Object object(trace::ChannelId id) {
    return object(trace::Kind::channel, id);
}
inline Object object(trace::CalloutId id) {
    return object(trace::Kind::callout, id);
}
inline Object object(trace::SoftintId id) {
    return object(trace::Kind::softint, id);
}

struct Selection {
    std::optional<Object> object;
    std::optional<Object> hovered; // this frame, by whichever view the pointer is over

    [[nodiscard]] bool is(const Object& other) const { return object == other; }
};

} // namespace view
