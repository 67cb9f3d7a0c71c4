// SPDX-License-Identifier: BSD-2-Clause
// Which of the three interrupt models this boot uses, and where the line is drawn between handlers
// that have an LWP and handlers that have none (S2.2, S2.8, S2.14, S3.19).
//
//   model      who runs a handler                               what a handler may wait for
//   borrow     an interrupt LWP, on the victim's context        mutexes, RW locks
//   thread     the line's own LWP, chosen by mi_switch          mutexes, RW locks
//   classic    whoever was interrupted, as its guest            nothing: spin mutexes only
//
// A handler of a level above `lock_level` is *traditional* in every model: it runs as in `classic`.
// All that somebody outside irq/ has to know of the model is is_threaded(): a lock that such a
// level uses can be adaptive, or has to spin.
//
// Rules
//   - Set from the boot parameters before the first LWP runs, constant from then on.
// Read next: ipl.hpp, irq/irq.hpp
#pragma once

#include "hart/ipl.hpp"

namespace hart {

/// Boot parameter `mask`: what a blocked handler holds off.
enum class Mask : u8 { source, level };
/// Boot parameter `spl`: whether a level that changes is told to the hardware.
enum class Spl : u8 { lazy, eager };

struct Interrupts {
    trace::Model model = trace::Model::borrow;
    Mask mask = Mask::source;
    Spl spl = Spl::lazy;
    ipl::Level lock_level = ipl::last_line; // handlers above it are traditional
};
extern constinit Interrupts interrupts;

/// True if what runs at this level has an LWP of its own (or is an ordinary LWP), so that it may
/// wait for an adaptive lock. Where it is false, a lock that this level uses must be a spin mutex.
[[nodiscard]] inline bool is_threaded(ipl::Level level) {
    return level == ipl::none
           || (interrupts.model != trace::Model::classic && level <= interrupts.lock_level);
}

} // namespace hart
