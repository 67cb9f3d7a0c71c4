// SPDX-License-Identifier: BSD-2-Clause
#include "callout/ids.hpp"

#include "hart/panic.hpp"
#include "sched/sched.hpp"

namespace callout {

namespace {

constexpr u32 numbers = 4096; // 1 … 4095
constinit bool taken[numbers] = {};
constinit u32 in_use = 0;
constinit u32 last = 0;
constinit u32 last_beyond = numbers;

} // namespace

trace::CalloutId take_id() {
    ASSERT(sched::lock.held());
    if (in_use == numbers - 1)
        return static_cast<trace::CalloutId>(last_beyond++);
    do
        last = last + 1 == numbers ? 1 : last + 1;
    while (taken[last]);
    taken[last] = true;
    in_use++;
    return static_cast<trace::CalloutId>(last);
}

void give_id(trace::CalloutId id) {
    ASSERT(sched::lock.held());
    u32 number = static_cast<u32>(id);
    if (number >= numbers)
        return;
    ASSERT(taken[number]);
    taken[number] = false;
    in_use--;
}

} // namespace callout
