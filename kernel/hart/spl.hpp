// SPDX-License-Identifier: BSD-2-Clause
// Raising and lowering the level of the current LWP (spl(9)), and telling the hardware of it, or
// not (S3.5, S3.7).
//
//   hart::LevelGuard level(hart::ipl::net);
//
//   spl=lazy    a byte in memory changes, and nothing else. A line at or below the level that comes
//               all the same is claimed, which masks it, recorded, and replayed when the level
//               falls (irq/dispatch.cpp): once, in order of urgency. It costs nothing as long as
//               nothing comes, and something nearly never comes.
//   spl=eager   each change that crosses a line level is also written to the hart's threshold in
//               the interrupt controller, so nothing comes at all until the level falls. Two
//               accesses to a device on the far side of the bus per pair.
//
// The level belongs to the LWP, the threshold to the hart. In eager mode the threshold follows:
// wherever a hart gets another LWP, that one passes through set_level() or tell_hardware() before
// interrupts are enabled. Levels `clock` and `high` disable interrupts anyway; the threshold is
// left as it is for their few instructions.
//
// Rules
//   - Any context. The memory changes first, then the hardware, so an interrupt in between finds a
//     level that is too high rather than one that is too low, and is deferred as in lazy mode.
// Invariants
//   (1) spl=eager: while interrupts are enabled and no change is under way, `threshold` of a hart
//       is that of the higher of its LWP's level and its base level.
//   (2) spl=lazy: `spl_writes` is 0.
// Read next: ipl.hpp, irq/dispatch.cpp
#pragma once

#include "hart/hart.hpp"
#include "hart/model.hpp"

namespace hart {

/// What is behind set_level() in eager mode.
void tell_hardware();

/// The hart's threshold follows its LWP and its base level, if it has to. Any context; interrupts
/// that it lets through come before it returns.
inline void level_changed() {
    if (interrupts.spl == Spl::eager) [[unlikely]]
        tell_hardware();
}

/// The current LWP has this level from now on. No event, no debts: see LevelGuard for those.
inline void set_level(ipl::Level level) {
    arch::self().level = level;
    level_changed();
}

/// Lines at or below this level are not served on this hart now.
inline ipl::Level held_off() {
    ipl::Level own = arch::current().level, base = self().base_level;
    return own > base ? own : base;
}

/// The level of this LWP raised for a block (splraise(9), splx(9)); never lowered. Deferred lines
/// are replayed at the end. Levels below `clock`.
class [[nodiscard]] LevelGuard {
public:
    explicit LevelGuard(ipl::Level level);
    ~LevelGuard();
    LevelGuard(const LevelGuard&) = delete;
    LevelGuard& operator=(const LevelGuard&) = delete;

private:
    ipl::Level before_;
};

} // namespace hart
