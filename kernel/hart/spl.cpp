// SPDX-License-Identifier: BSD-2-Clause
#include "hart/spl.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "trace/emit.hpp"

namespace hart {

namespace {

/// Lines of a priority up to this do not come.
u8 threshold_of(ipl::Level level) {
    if (level < ipl::first_line)
        return 0;
    return static_cast<u8>(ipl::plic_priority(level < ipl::last_line ? level : ipl::last_line));
}

} // namespace

void tell_hardware() {
    IrqGuard masked;
    ipl::Level level = held_off();
    Hart& here = self();
    if (level >= ipl::clock || here.threshold == threshold_of(level))
        return;
    here.threshold = threshold_of(level); // (1)
    here.spl_writes++;
    arch::line_threshold(here.threshold);
    trace::record(trace::SplWrite{.level = level, .writes = here.spl_writes});
}

namespace {

/// The level and the event that tells of it change together: whatever interrupts comes before both
/// or after both.
template <class E> void change_level(const E& event) {
    if (!trace::wants<E>())
        return set_level(event.to);
    IrqGuard masked;
    set_level(event.to);
    trace::record(event);
}

} // namespace

LevelGuard::LevelGuard(ipl::Level level)
    : before_(arch::current().level) {
    ASSERT(level < ipl::clock); // the timer and IPIs take a spin mutex to keep out

    if (level > before_)
        change_level(trace::SplRaise{.from = before_, .to = level});
}

LevelGuard::~LevelGuard() {
    ipl::Level now = arch::current().level;
    if (now == before_)
        return;
    change_level(trace::SplLower{.from = now, .to = before_});
    pay_debts();
}

} // namespace hart
