// SPDX-License-Identifier: BSD-2-Clause
// The clocks that a callout belongs to, locked: one, or two while it moves from one to the other.
//
// Rules
//   - Private to kernel/callout. The lower hart's clock is locked first.
// Read next: callout.cpp
#pragma once

#include "callout/callout.hpp"
#include "callout/clock.hpp"

#include <algorithm>
#include <optional>

namespace callout {

/// The clock that a callout belongs to. The callout may be moved while we wait for the lock, so
/// look again once we have it (invariant 3).
class [[nodiscard]] Callout::Held {
public:
    explicit Held(const Callout& callout) {
        for (;;) {
            u32 number = callout.hart_.peek();
            clock_ = &clocks[number];
            guard_.emplace(clock_->lock);
            if (callout.hart_.peek() == number)
                return;
            guard_.reset();
        }
    }
    Clock* operator->() const { return clock_; }
    Clock& operator*() const { return *clock_; }

private:
    Clock* clock_ = nullptr;
    std::optional<hart::SpinGuard> guard_;
};

class [[nodiscard]] BothHeld {
public:
    BothHeld(u32 one, u32 other)
        : lower_(clocks[std::min(one, other)].lock)
        , higher_(clocks[std::max(one, other)].lock) {}

private:
    hart::SpinGuard lower_, higher_;
};

} // namespace callout
