// SPDX-License-Identifier: BSD-2-Clause
// The leak check: what a handler or softint must leave as it found it (M22).
//
//   Footing footing;
//   function(argument);
//   footing.check(name);
//
// Rules
//   - Made and checked by the same LWP, any context.
#pragma once

#include "arch/current.hpp"

namespace irq {

class Footing {
public:
    Footing();
    /// Panics, naming the function, if it has left a spin mutex or kernel_lock held, preemption
    /// disabled, or another level; with lockcheck=on also if it has left any other lock held.
    void check(const char* function) const;

private:
    arch::Current before_;
    u32 kernel_holds_;
    u32 locks_; // that the lock checker knows of
};

} // namespace irq
