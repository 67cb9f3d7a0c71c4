// SPDX-License-Identifier: BSD-2-Clause
// The objects that an event speaks of, found by the types of its fields.
#pragma once

#include "model/store.hpp"
#include "view/selection.hpp"

#include <vector>

namespace view {

/// In the order of the event's fields; the current LWP and the hart come last.
std::vector<Object> participants(const model::Event& event);
[[nodiscard]] bool mentions(const model::Event& event, const Object& object);
/// A mark where the race finder departed from the usual order.
[[nodiscard]] bool is_departure(const model::Event& event, const model::Names& names);
/// The event's group, by its id; meta for an unknown id.
trace::Group group_of(u16 id);
const char* group_name(trace::Group group);
/// "irq_enter".
const char* event_name(u16 id);

} // namespace view
