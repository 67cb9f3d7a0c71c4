// SPDX-License-Identifier: BSD-2-Clause
// What a line does, its handler's own state considered. In the borrow model an event says that a
// handler has blocked (IrqBlock); in model=thread only its LWP's state does, and in both a handler
// that was woken goes on although the line stays masked.
#pragma once

#include "model/state.hpp"

namespace model {

inline LineState line_state(const State& state, const Line& line) {
    const Lwp* handler = state.lwp(line.handler);
    if (handler == nullptr
        || (line.state != LineState::in_handler && line.state != LineState::blocked))
        return line.state;
    bool goes_on = handler->state == LwpState::running || handler->state == LwpState::pinned;
    return goes_on ? LineState::in_handler : LineState::blocked;
}

} // namespace model
